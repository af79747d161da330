# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""The programs that are built to be measured."""

import os
import sys

from recordings import call

_HERE = os.path.dirname(os.path.abspath(__file__))
_HUGE = ["-Wl,-z,separate-code", "-Wl,-z,max-page-size=0x200000"]


def link(objects, output, *options):
  """Links a PIE by lld."""
  call(["gcc", "-pie", "-fuse-ld=lld", "-Wl,--build-id", *objects, *options,
        "-o", output])
  return output


def build_synthetic(folder, count=4096, variants=True):
  """Builds the program that write_synthetic.py writes, and unless told otherwise
  what it is compared with; returns name → path."""
  # In a process of its own: what this one needs at most is the least that the
  # programs it starts seem to need.
  call([sys.executable, "-B", os.path.join(_HERE, "write_synthetic.py"), folder,
        str(count)])
  def at(name):
    return os.path.join(folder, name)
  call(["gcc", "-c", at("synthetic.s"), "-o", at("synthetic.o")])
  for name in ("synthetic_main", "huge_text"):
    call(["gcc", "-O2", "-c", os.path.join(_HERE, f"{name}.c"), "-o",
          at(f"{name}.o")])
  objects = [at("synthetic_main.o"), at("synthetic.o")]
  built = {"plain": link(objects, at("synthetic"))}
  if variants:
    ordered = f"-Wl,--symbol-ordering-file={at('order.txt')}"
    huge = [*objects, at("huge_text.o")]
    built["ordered"] = link(objects, at("synthetic_ordered"), ordered)
    built["huge"] = link(huge, at("synthetic_huge"), *_HUGE)
    built["ordered_huge"] = link(huge, at("synthetic_ordered_huge"), *_HUGE, ordered)
    built["relocs"] = link(objects, at("synthetic_relocs"), "-Wl,--emit-relocs")
  return built


def build_sqlite(folder):
  """Builds SQLite's shell of Debian's sources as one program with all of its
  relocations; returns its path. The sources are fetched once."""
  sys.path.insert(0, os.path.join(_HERE, "..", "..", "tools", "programs"))
  # pylint: disable=import-outside-toplevel
  import debian_sources
  import libraries
  cache = os.path.join(os.environ.get("XDG_CACHE_HOME", os.path.expanduser(
      "~/.cache")), "relink-real-programs")
  tree = debian_sources.DebianSources(cache).unpack("sqlite3")
  made = os.path.join(cache, "made", "sqlite")
  os.makedirs(made, exist_ok=True)
  libraries.prepare("sqlite", tree, made)
  objects = []
  for name in ("sqlite3", "shell"):
    objects.append(os.path.join(folder, f"{name}.o"))
    if not os.path.exists(objects[-1]):
      call(["gcc", "-O2", "-g0", "-w", "-fPIE", "-ffunction-sections",
            "-DSQLITE_ENABLE_MATH_FUNCTIONS", f"-I{made}", "-c",
            os.path.join(made, f"{name}.c"), "-o", objects[-1]])
  return link(objects, os.path.join(folder, "sqlite3_relocs"),
              "-Wl,--emit-relocs", "-lm")
