# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Misses of the first instruction cache, as cachegrind simulates it.

What a program does before and after its rounds, Relink's planning with it, is not
counted: it runs with few and with more of them, and the difference is what counts.
"""

import os
import re
import subprocess

from measure import RunError

# By workload: few rounds and more, as its last argument.
ARGUMENTS = {"synthetic": (20, 120), "perl": (1, 3)}
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
  few, more = ARGUMENTS[workload]
  counted = [_misses((*command[:-1], str(rounds)), relinks, folder)
             for rounds in (few, more)]
  return (counted[1] - counted[0]) // (more - few)
