# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Runs programs as they are and by the audit library; see tools/run_programs."""

import argparse
import concurrent.futures
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

import program_cases
import random_profile

_PASSES = "split-functions,order<by=random,seed=%d>,place"
# As much as can be of what a profile asks for.
_PROFILED_PASSES = ("apply-profile<file=%s,least=0,share=0>,pack-hot<coverage=1>,"
                    "leave-cold,plt-bypass")
_TIME_LIMIT = 300
# What differs from run to run: times, addresses, process numbers.
_NEUTRAL = (
    (re.compile(rb"\b\d+(\.\d+)?\s?(ms|s|seconds)\b"), b"TIME"),
    (re.compile(rb"0x[0-9a-f]{6,}"), b"ADDRESS"),
    (re.compile(rb"\bline \d+: +\d+ "), b"LINE: PID "),
)


def _neutral(text, folder):
  text = text.replace(folder.encode(), b"FOLDER")
  for pattern, word in _NEUTRAL:
    text = pattern.sub(word, text)
  return text


def run(script, extra):
  """(exit code, output, errors, log) of a script with more environment."""
  folder = tempfile.mkdtemp(prefix="relink-run-")
  log = os.path.join(tempfile.gettempdir(), os.path.basename(folder) + ".log")
  environment = {name: value for name, value in os.environ.items()
                 if not name.startswith(("RELINK_", "LD_"))}
  environment.update(LC_ALL="C.UTF-8", TZ="UTC", HOME=folder, TMPDIR=folder,
                     **extra)
  if extra:
    environment["RELINK_LOG"] = log
  process = subprocess.Popen(
      ["/bin/bash", "-c", script], cwd=folder, stdin=subprocess.DEVNULL,
      stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment,
      start_new_session=True)
  try:
    out, err = process.communicate(timeout=_TIME_LIMIT)
    exit_code = process.returncode
  except subprocess.TimeoutExpired:
    os.killpg(process.pid, signal.SIGKILL)
    out, err = process.communicate()
    exit_code = "timeout"
  shutil.rmtree(folder, ignore_errors=True)
  text = ""
  if os.path.exists(log):
    with open(log, encoding="utf-8", errors="replace") as file:
      text = file.read()
    os.remove(log)
  return exit_code, _neutral(out, folder), _neutral(err, folder), text


def difference(expected, found):
  """Which part of an outcome is another; empty if none is."""
  names = ("exit code", "output", "errors")
  for name, before, after in zip(names, expected, found):
    if before != after:
      return f"{name}: {before[-300:] if isinstance(before, bytes) else before!r}" \
             f" became {after[-300:] if isinstance(after, bytes) else after!r}"
  return ""


def _moved(log):
  return sum(int(count) for count in
             re.findall(r": (\d+) functions of", log))


def _cases(arguments):
  wanted = re.compile(arguments.only or "")
  for case in program_cases.CASES:
    if wanted.search(case.name) and all(map(shutil.which, case.needs)):
      yield case
  for python in arguments.python:
    for test in program_cases.PYTHON_TESTS:
      name = f"{os.path.basename(python)}-{test}"
      if wanted.search(name):
        yield program_cases.Case(
            name, f"{python} -m test -q {test} > log 2>&1; echo $?; "
                  "tail -1 log")


def _write_profiles(relink, seeds, folder):
  """One for each seed; returns the passes that take them."""
  passes = []
  for seed in range(1, seeds + 1):
    text = os.path.join(folder, f"{seed}.txt")
    profile = os.path.join(folder, f"{seed}.relprof")
    random_profile.write(text, seed)
    subprocess.run([relink, "profile", "merge", text, "-o", profile],
                   check=True)
    passes.append(_PROFILED_PASSES % profile)
  return passes


def main():
  """Exits with 1 if anything differs."""
  parser = argparse.ArgumentParser()
  parser.add_argument("--audit", required=True)
  parser.add_argument("--seeds", type=int, default=10)
  parser.add_argument("--jobs", type=int, default=1)
  parser.add_argument("--only")
  parser.add_argument("--passes", default=_PASSES)
  parser.add_argument("--profiles-by", metavar="RELINK",
                      help="pack functions of random profiles instead")
  parser.add_argument("--python", action="append", default=[])
  parser.add_argument("--json")
  arguments = parser.parse_args()
  seeds = range(1, arguments.seeds + 1)
  passes = [arguments.passes.replace("%d", str(seed)) for seed in seeds]
  profiles = tempfile.TemporaryDirectory(prefix="relink-profiles-")
  if arguments.profiles_by:
    passes = _write_profiles(arguments.profiles_by, arguments.seeds,
                             profiles.name)
  passed, failures, rows = 0, [], []

  def run_case(case):
    expected = run(case.script, {})
    results = []
    if difference(expected, run(case.script, {})):
      return case, None, results
    for seed in seeds:
      found = run(case.script, {"LD_AUDIT": arguments.audit,
                                "RELINK_PASSES": passes[seed - 1]})
      reason = difference(expected, found)
      moved = _moved(found[3])
      if not reason and not moved:
        reason = "nothing was moved"
      results.append((seed, reason, moved))
    return case, expected, results

  with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
    for case, expected, results in pool.map(run_case, _cases(arguments)):
      if expected is None:
        print(f"{case.name}: differs from itself, not compared", flush=True)
        continue
      bad = [(seed, reason) for seed, reason, _ in results if reason]
      moved = max((count for _, _, count in results), default=0)
      passed += len(results) - len(bad)
      failures += bad
      rows.append({"name": case.name, "runs": len(results),
                   "moved": moved, "failures": bad})
      print(f"{case.name}: {len(results) - len(bad)} of {len(results)}, "
            f"{moved} functions moved", flush=True)
      for seed, reason in bad:
        print(f"  seed {seed}: {reason}", flush=True)
  if arguments.json:
    with open(arguments.json, "w", encoding="utf-8") as file:
      json.dump(rows, file, indent=1)
  print(f"{passed} passed, {len(failures)} failed")
  return 1 if failures else 0


if __name__ == "__main__":
  sys.exit(main())
