# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""What is measured: programs, and what they are compared with."""

import dataclasses
import os
import shutil

import programs

_HERE = os.path.dirname(os.path.abspath(__file__))
_CLANG = "/usr/lib/llvm-14/bin/clang++"
_CC1PLUS = "/usr/lib/gcc/x86_64-linux-gnu/12/cc1plus"
_NOT_MOVABLE = "no PIE, so only functions of its libraries move"


@dataclasses.dataclass(frozen=True)
class Workload:
  """`others` are commands to compare with, by name; `relocs` the same program as
  that of `command` with all of its relocations, for BOLT."""
  command: tuple
  note: str = ""
  others: dict = dataclasses.field(default_factory=dict)
  relocs: str = ""


def _here(name):
  return os.path.join(_HERE, name)


def _synthetic(work, scale):
  built = programs.build_synthetic(work)
  rounds = str(int(80000 * scale))
  return Workload(
      (built["plain"], rounds),
      "4096 hot functions, each on a page of its own",
      {"lld ordered": (built["ordered"], rounds),
       "huge text": (built["huge"], rounds),
       "lld ordered, huge text": (built["ordered_huge"], rounds)},
      built["relocs"])


def _clang(_, scale):
  return Workload((_CLANG, "-std=c++17", "-O2", "-c",
                   f"-DINSTANCES={max(1, int(8 * scale))}", _here("large.cc"),
                   "-o", "/dev/null"), "clang++ 14 of Debian; " + _NOT_MOVABLE +
                  ", which are nearly all")


def _gcc(_, scale):
  return Workload((_CC1PLUS, "-quiet", "-imultiarch", "x86_64-linux-gnu",
                   "-D_GNU_SOURCE", "-std=c++17", "-O1",
                   f"-DINSTANCES={max(1, int(4 * scale))}", _here("large.cc"), "-o",
                   "/dev/null"), "cc1plus of Debian; " + _NOT_MOVABLE)


def _python(_, scale):
  return Workload(("/usr/bin/python3", _here("workload.py"),
                   str(max(1, int(50 * scale)))),
                  "python3 of Debian; " + _NOT_MOVABLE)


def _perl(_, scale):
  return Workload(("/usr/bin/perl", _here("workload.pl"),
                   str(max(1, int(180 * scale)))), "perl of Debian")


def _reads(scale):
  return ["-batch", ":memory:",
          *[f".read {_here('workload.sql')}"] * max(1, int(6 * scale))]


def _sqlite(_, scale):
  return Workload(("/usr/bin/sqlite3", *_reads(scale)), "sqlite3 of Debian")


def _sqlite_rebuilt(work, scale):
  program = programs.build_sqlite(work)
  return Workload((program, *_reads(scale)),
                  "one PIE of Debian's sources, linked by lld with --emit-relocs",
                  relocs=program)


_MAKERS = {
    "synthetic": (_synthetic, "lld"),
    "clang": (_clang, _CLANG),
    "gcc": (_gcc, _CC1PLUS),
    "python": (_python, "/usr/bin/python3"),
    "perl": (_perl, "/usr/bin/perl"),
    "sqlite": (_sqlite, "/usr/bin/sqlite3"),
    "sqlite_rebuilt": (_sqlite_rebuilt, "lld"),
}
NAMES = tuple(_MAKERS)


def missing(name):
  """The program that a workload needs and that is not installed; "" if none."""
  needed = _MAKERS[name][1]
  return "" if shutil.which(needed) else needed


def make(name, work, scale=1.0):
  """Builds what the workload needs in the folder `work`; it runs for `scale` times
  some seconds."""
  return _MAKERS[name][0](work, scale)
