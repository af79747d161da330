# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Compilers with linkers, and shared objects made by them."""

import concurrent.futures
import dataclasses
import hashlib
import os
import subprocess


class BuildError(Exception):
  """A compiler or linker failed."""


@dataclasses.dataclass(frozen=True)
class Toolchain:
  """A compiler, a linker, and what all objects are built with."""
  name: str
  cc: str
  cxx: str
  compile_flags: tuple
  link_flags: tuple


_MOVABLE = ("-O2", "-g0", "-w", "-fPIC", "-ffunction-sections")

# By name: what issue "moves" means to each is that every reference is kept.
TOOLCHAINS = {
    "gcc-ld": Toolchain("gcc-ld", "gcc", "g++", _MOVABLE,
                        ("-fuse-ld=bfd", "-Wl,--emit-relocs")),
    "clang-lld": Toolchain("clang-lld", "clang", "clang++", _MOVABLE,
                           ("-fuse-ld=lld", "-Wl,--emit-relocs")),
    "gcc-mold": Toolchain("gcc-mold", "gcc", "g++", _MOVABLE,
                          ("-fuse-ld=mold", "-Wl,--emit-relocs")),
}
# For the programs that use the system's libraries: nothing is asked for.
STOCK = Toolchain("stock", "gcc", "g++", ("-O2", "-g0", "-w", "-fPIC"), ())


def _run(command, output):
  """Runs `command` unless it made `output` from the same inputs before."""
  state = hashlib.sha256("\0".join(command).encode())
  for argument in command:
    if os.path.isfile(argument) and argument != output:
      with open(argument, "rb") as file:
        state.update(hashlib.sha256(file.read()).digest())
  stamp = output + ".stamp"
  if os.path.exists(output) and os.path.exists(stamp):
    with open(stamp, encoding="ascii") as file:
      if file.read() == state.hexdigest():
        return
  os.makedirs(os.path.dirname(output), exist_ok=True)
  result = subprocess.run(command, capture_output=True, text=True, check=False)
  if result.returncode:
    raise BuildError(f"{' '.join(command)}\n{result.stderr[:2000]}")
  with open(stamp, "w", encoding="ascii") as file:
    file.write(state.hexdigest())


def _object_name(source):
  return os.path.basename(source) + "." + hashlib.sha256(
      source.encode()).hexdigest()[:8] + ".o"


def build_shared_object(toolchain, folder, output, sources, flags, link_flags,
                        libraries, jobs):
  """Makes `folder`/`output` of C and C++ sources, from its own place able to
  find `libraries`, which are paths; returns its path."""
  is_cxx = any(source.endswith((".cc", ".cpp")) for source in sources)
  commands = []
  for source in sources:
    compiler = toolchain.cxx if source.endswith((".cc", ".cpp")) else toolchain.cc
    compiled = os.path.join(folder, output + ".objects", _object_name(source))
    commands.append((
        [compiler, *toolchain.compile_flags, *flags, "-c", source, "-o", compiled],
        compiled))
  with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
    list(pool.map(lambda command: _run(*command), commands))
  path = os.path.join(folder, output)
  _run([toolchain.cxx if is_cxx else toolchain.cc, "-shared",
        f"-Wl,-soname,{output}", "-Wl,--enable-new-dtags,-rpath,$ORIGIN",
        *toolchain.link_flags, *link_flags,
        *[compiled for _, compiled in commands], *libraries, "-o", path], path)
  return path
