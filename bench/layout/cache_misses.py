# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Misses of the first instruction cache, as cachegrind simulates it.

What a program does before and after its work, Relink's planning with it, is not
counted: it runs with little work and with more, and the difference is what counts.
"""

import os
import re
import subprocess

from measure import RunError


def _rounds(few, more):
  """A number of rounds is the last argument."""
  return lambda command: ((*command[:-1], str(few)), (*command[:-1], str(more)),
                          more - few)


def _compilation(command):
  """Of nothing, and of one instance."""
  command = [re.sub(r"^-DINSTANCES=.*", "-DINSTANCES=1", word) for word in command]
  nothing = ["/dev/null" if word.endswith(".cc") else word for word in command]
  at = nothing.index("/dev/null")
  return (*nothing[:at], "-x", "c++", *nothing[at:]), tuple(command), 1


# By workload: the command with little work and with more, and how many rounds more.
COMMANDS = {"synthetic": _rounds(20, 120), "perl": _rounds(1, 3),
            "clang": _compilation}
_MISSES = re.compile(r"I1\s+misses:\s+([\d,]+)")


def parse(errors):
  """How many, of what valgrind printed."""
  found = _MISSES.search(errors)
  if not found:
    raise RunError(f"no misses in what valgrind says: {errors[-300:]}")
  return int(found[1].replace(",", ""))


def _misses(command, relinks, folder):
  environment = dict(os.environ)
  if relinks:
    # valgrind stands before the program, so `relink run` cannot.
    options = command[:command.index("--")]
    command = command[command.index("--") + 1:]
    audit = os.path.join(os.path.dirname(options[0]), "librelink_audit.so")
    if not os.path.exists(audit):
      audit = os.path.join(os.path.dirname(options[0]), "..", "..", "relink", "run",
                           "librelink_audit.so")
    passes = next(word for word in options if word.startswith("--passes="))
    environment.update(LD_AUDIT=os.path.realpath(audit),
                       RELINK_PASSES=passes.partition("=")[2])
  result = subprocess.run(
      ["valgrind", "--tool=cachegrind", "--cache-sim=yes",
       "--cachegrind-out-file=/dev/null", *command], cwd=folder, env=environment,
      stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
      check=False)
  if result.returncode:
    raise RunError(f"valgrind {' '.join(command)}: {result.stderr[-500:]}")
  return parse(result.stderr)


def count(workload, command, relinks, folder):
  """Misses of one round."""
  little, more, rounds = COMMANDS[workload](command)
  return (_misses(more, relinks, folder) -
          _misses(little, relinks, folder)) // rounds
