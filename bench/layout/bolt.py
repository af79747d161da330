# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""llvm-bolt as something to compare with, of whichever version is installed."""

import os
import shutil

from recordings import call, record

_VERSIONS = ("", "-19", "-16", "-15", "-14")
# Without branch records, so from samples alone (-nl).
VARIANTS = {
    "bolt functions": ("-reorder-functions=hfsort",),
    "bolt all": ("-reorder-functions=hfsort", "-reorder-blocks=ext-tsp",
                 "-split-functions", "-split-all-cold", "-split-eh", "-icf=1",
                 "-dyno-stats=0"),
}


def find():
  """The name of the command, or None."""
  return next((name for name in (f"llvm-bolt{version}" for version in _VERSIONS)
               if shutil.which(name)), None)


def optimize(program, arguments, folder, work):
  """Makes what VARIANTS names of `program`, which has its relocations; returns
  name → path."""
  data = os.path.join(work, "bolt.data")
  record([program, *arguments], data, folder, stacks=False)
  made = {}
  for name, options in VARIANTS.items():
    made[name] = os.path.join(work, os.path.basename(program) + "." +
                              name.replace(" ", "_"))
    call([find(), program, "-p", data, "-nl", "-o", made[name], *options])
  os.remove(data)
  return made
