# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""What one run of a program gave, and how two of them differ."""

import dataclasses
import json
import os
import re
import shutil
import subprocess
import tempfile

# Programs that say how long they took.
_SECONDS = re.compile(rb"\b\d+\.\d+(?=s\b| seconds)")
_TIME_LIMIT = 300


@dataclasses.dataclass(frozen=True)
class Outcome:
  """`modules` says how much of each moved; `problems`, what must not be."""
  command: str
  exit_code: int
  out: bytes
  err: bytes
  modules: tuple
  problems: tuple


def _read_report(path):
  """(modules, problems) of the report that run_main wrote."""
  modules, problems, ends = (), [], 0
  if os.path.exists(path):
    with open(path, encoding="utf-8") as file:
      for line in file:
        facts = json.loads(line)
        modules = tuple(facts.get("modules", modules))
        ends += facts["at"] == "exit"
        if facts["writable_and_executable"]:
          problems.append(f"writable and executable memory at {facts['at']}")
  if ends != 1:
    problems.append("the process did not end by exit()")
  return modules, tuple(problems)


def run(runner, options, program, case):
  """Runs `case` of the shared object `program` in a new folder."""
  folder = tempfile.mkdtemp(prefix="relink-program-")
  report = os.path.join(folder, ".report")
  command = [runner, *options, f"--report={report}", program, *case.arguments]
  shown = " ".join([f"'{word}'" for word in (runner, *options, program,
                                             *case.arguments)])
  try:
    for source, name in case.files:
      shutil.copy(source, os.path.join(folder, name))
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith("RELINK_")}
    environment.update(LC_ALL="C.UTF-8", TZ="UTC", HOME=folder, TMPDIR=folder)
    with open(case.stdin or os.devnull, "rb") as stdin:
      done = subprocess.run(command, cwd=folder, stdin=stdin, check=False,
                            capture_output=True, env=environment,
                            timeout=_TIME_LIMIT)
    modules, problems = _read_report(report)
    exit_code, out, err = done.returncode, done.stdout, done.stderr
  except subprocess.TimeoutExpired as timeout:
    modules, problems = (), (f"not done after {_TIME_LIMIT} s",)
    exit_code, out, err = -1, timeout.stdout or b"", timeout.stderr or b""
  finally:
    shutil.rmtree(folder, ignore_errors=True)
  if case.stdin:
    shown += f" < '{case.stdin}'"
  neutral = folder.encode()
  return Outcome(shown, exit_code,
                 _SECONDS.sub(b"?", out).replace(neutral, b"FOLDER"),
                 _SECONDS.sub(b"?", err).replace(neutral, b"FOLDER"), modules,
                 problems)


def difference(expected, found):
  """Why `found` is not what `expected` is; empty if it is."""
  reasons = list(found.problems)
  if found.exit_code != expected.exit_code:
    reasons.append(f"exit code {found.exit_code}, not {expected.exit_code}")
  for name, ours, theirs in (("output", found.out, expected.out),
                             ("errors", found.err, expected.err)):
    if ours == theirs:
      continue
    our_lines, their_lines = ours.split(b"\n"), theirs.split(b"\n")
    line = next((i for i, pair in enumerate(zip(our_lines, their_lines))
                 if pair[0] != pair[1]), min(len(our_lines), len(their_lines)))
    def at(lines, line=line):
      return lines[line].decode("utf-8", "replace")[:160] if line < len(
          lines) else "its end"
    reasons.append(f"{name} line {line + 1}: {at(our_lines)!r}, not "
                   f"{at(their_lines)!r}")
  return "; ".join(reasons)


def not_moved(outcome, soname, wants_arenas):
  """What of the program or its library should have moved and did not."""
  reasons = []
  for index, module in enumerate(outcome.modules):
    name = os.path.basename(module["module"])
    if index and name != soname:
      continue
    if module["moved_functions"] < 2 or not module["new_neighbours"]:
      reasons.append(f"{name}: {module['moved_functions']} functions moved, "
                     f"{module['new_neighbours']} to a new neighbour")
    if (wants_arenas and module["capability"] == "Reorderable" and
        module["materialization"] != "Arenas"):
      reasons.append(f"{name}: Reorderable, but in "
                     f"{module['materialization']}")
  if not outcome.modules:
    reasons.append("no report of what moved")
  return "; ".join(reasons)
