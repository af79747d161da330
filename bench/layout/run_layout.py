# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Measures programs as they are, relinked as they start, and laid out by others.

All variants of a program take turns; each must print the same. Profiles for Relink
and BOLT are recorded before.
"""

import argparse
import json
import os
import sys
import tempfile

import bolt
import cache_misses
import measure
import recordings
import report
import workloads

BASELINE = "unmodified"


def relink_commands(relink, profile, command):
  """The variants of Relink by name."""
  def run(page):
    passes = f"apply-profile<file={profile}>,pack-hot<page={page}>,plt-bypass"
    return (relink, "run", f"--passes={passes}", "--verbose", "--", *command)
  return {"relink 4K": run("4K"), "relink 2M": run("2M")}


def variants(name, workload, relink, work):
  """All that takes turns, name → command; the baseline is the first."""
  profile = os.path.join(work, f"{name}.relprof")
  recordings.make_profile(relink, workload.command, profile, work)
  commands = {BASELINE: workload.command,
              **relink_commands(relink, profile, workload.command),
              **workload.others}
  if workload.relocs and bolt.find():
    arguments = workload.command[1:]
    made = bolt.optimize(workload.relocs, arguments, work, work)
    commands.update({kind: (path, *arguments) for kind, path in made.items()})
  return commands


def measure_workload(name, options, relink, work):
  """The rows of one workload."""
  workload = workloads.make(name, work, options.scale)
  commands = variants(name, workload, relink, work)
  runs = measure.take_turns(commands, work, options.rounds)
  rows = []
  for variant, command in commands.items():
    samples, pages, most, full = recordings.pages_that_run(command, work, work)
    rows.append({"workload": name, "note": workload.note, "variant": variant,
                 "rounds": options.rounds,
                 **measure.summary(runs[variant], runs[BASELINE]),
                 "samples": samples, "code_pages": pages,
                 "code_pages_of_99_percent": most,
                 "code_pages_if_full": full})
  if options.cachegrind and name in cache_misses.COMMANDS:
    for row in rows:
      row["i1_misses"] = cache_misses.count(
          name, commands[row["variant"]], row["variant"].startswith("relink"),
          work)
  return rows


def parse(arguments):
  """What was asked for; exits with 2 if it makes no sense."""
  parser = argparse.ArgumentParser(prog="tools/bench --layout",
                                   description=__doc__.split("\n\n")[0])
  parser.add_argument("workloads", nargs="*", metavar="WORKLOAD",
                      help="all, or of: " + ", ".join(workloads.NAMES))
  parser.add_argument("--relink", default="bazel-bin/tools/relink/relink",
                      help="the command (default: the one built here)")
  parser.add_argument("--rounds", type=int, default=7,
                      help="runs of each variant (default: 7)")
  parser.add_argument("--scale", type=float, default=1.0,
                      help="how long programs run, of some seconds each")
  parser.add_argument("--json", metavar="FILE", help="write the results there, too")
  parser.add_argument("--cachegrind", action="store_true",
                      help="count misses of a simulated instruction cache of "
                      + " and ".join(cache_misses.COMMANDS))
  parser.add_argument("--keep", metavar="FOLDER",
                      help="where programs are built and profiles recorded")
  options = parser.parse_args(arguments)
  unknown = set(options.workloads) - set(workloads.NAMES)
  if unknown:
    parser.error(f"no workload {', '.join(sorted(unknown))}; there are "
                 f"{', '.join(workloads.NAMES)}")
  if options.rounds < 1 or options.scale <= 0:
    parser.error("--rounds and --scale are positive")
  return options


def main():
  options = parse(sys.argv[1:])
  relink = os.path.abspath(options.relink)
  rows, failed = [], False
  with tempfile.TemporaryDirectory(prefix="relink-layout-") as folder:
    work = os.path.abspath(options.keep or folder)
    os.makedirs(work, exist_ok=True)
    for name in options.workloads or workloads.NAMES:
      if workloads.missing(name):
        print(f"{name}: skipped, {workloads.missing(name)} is not installed\n")
        continue
      try:
        found = measure_workload(name, options, relink, work)
      except (measure.RunError, OSError) as error:
        print(f"{name}: {error}\n", file=sys.stderr)
        failed = True
        continue
      rows += found
      print(report.table(found), flush=True)
  if options.json:
    with open(options.json, "w", encoding="utf-8") as file:
      json.dump(rows, file, indent=1)
  return int(failed)


if __name__ == "__main__":
  sys.exit(main())
