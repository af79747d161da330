# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Runs of programs that take turns, and what they took."""

import dataclasses
import hashlib
import os
import re
import statistics
import subprocess
import tempfile
import time

_MOVED = re.compile(r"(\d+) functions of (\d+) modules moved in (\d+) us")


class RunError(Exception):
  """A program failed, or did something else than it should."""


@dataclasses.dataclass(frozen=True)
class Run:
  """What one run took, its children included; times in seconds."""
  wall: float
  cpu: float  # user and system
  rss_kib: int
  faults: int  # without reading from disk
  output: str  # a hash
  planning: float  # as Relink says, 0 without it
  moved: tuple  # functions, modules


def planning_of(errors):
  """(seconds, functions, modules) of what relink run --verbose printed."""
  found = [tuple(map(int, match)) for match in _MOVED.findall(errors)]
  if not found:
    return 0.0, 0, 0
  functions, modules, _ = max(found)
  return sum(line[2] for line in found) / 1e6, functions, modules


def run_once(command, folder):
  """Runs `command` in `folder`; its output is kept as a hash only."""
  with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
    start = time.monotonic()
    with subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL,
                          stdout=out, stderr=err) as child:
      _, status, usage = os.wait4(child.pid, 0)
      wall = time.monotonic() - start
      child.returncode = os.waitstatus_to_exitcode(status)
    out.seek(0)
    err.seek(0)
    errors = err.read().decode("utf-8", "replace")
    if child.returncode:
      raise RunError(f"{' '.join(command)}: exit code {child.returncode}: "
                     f"{errors[-500:]}")
    seconds, functions, modules = planning_of(errors)
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss,
               usage.ru_minflt, hashlib.sha256(out.read()).hexdigest(), seconds,
               (functions, modules))


def take_turns(commands, folder, rounds):
  """Runs each of `commands` (name → words) once a round, each round beginning with
  another; returns name → list of Run. The first of them says what the output is to
  be."""
  names = list(commands)
  runs = {name: [] for name in names}
  expected = run_once(commands[names[0]], folder).output  # and fills the page cache
  for turn in range(rounds):
    first = turn % len(names)
    for name in names[first:] + names[:first]:
      run = run_once(commands[name], folder)
      if run.output != expected:
        raise RunError(f"{name}: another output than {names[0]}")
      runs[name].append(run)
  return runs


def summary(runs, baseline):
  """What is shown of `runs` beside the same of `baseline`. Ratios are medians of
  those of each round, whose runs had the same neighbours."""
  def pair(field):
    values = [getattr(run, field) for run in runs]
    ours, theirs = min(values), min(getattr(run, field) for run in baseline)
    return {
        f"{field}_median": round(statistics.median(values), 4),
        f"{field}_min": round(ours, 4),
        f"{field}_ratio": round(statistics.median(
            getattr(run, field) / getattr(other, field)
            for run, other in zip(runs, baseline)), 4),
        f"{field}_min_ratio": round(ours / theirs, 4),
    }
  return {
      **pair("wall"),
      **pair("cpu"),
      "planning_s": round(statistics.median(run.planning for run in runs), 4),
      "moved_functions": runs[0].moved[0],
      "moved_modules": runs[0].moved[1],
      "max_rss_kib": int(statistics.median(run.rss_kib for run in runs)),
      "minor_faults": int(statistics.median(run.faults for run in runs)),
  }
