# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Shows what `relink record` and `relink run` do for two programs.

usage: demo.py RELINK [SCALE]

One is built here, of 4096 hot functions that lie as badly as can be; the other is
one that Debian ships. Each is recorded once, then runs as it is and relinked, in
turns.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile

import measure
import programs
import recordings
import workloads

_ROUNDS = 5
# The first that is there.
_REAL = ("sqlite", "perl")


def record(relink, command, profile, folder):
  """Records a profile; says by what."""
  if not subprocess.run([relink, "record", "--help"], capture_output=True,
                        check=False).returncode:
    recordings.call([relink, "record", "-o", profile, "--", *command], folder)
    return "relink record"
  recordings.make_profile(relink, command, profile, folder, runs=1)
  return "perf"


def page_notes(remarks):
  """What the pass "pages" found of each arena, once."""
  notes = {}
  with open(remarks, encoding="utf-8") as file:
    for line in file:
      remark = json.loads(line)
      if remark.get("pass") == "pages":
        notes[f"{remark.get('subject', '')}: {remark['message']}"] = None
  return list(notes)


def show(title, command, relink, folder, recorded=None):
  """Records `recorded`, runs `command`, and prints what came of it."""
  profile, remarks = (os.path.join(folder, f"demo.{end}")
                      for end in ("relprof", "remarks"))
  for path in (profile, remarks):
    if os.path.exists(path):
      os.remove(path)
  print(f"\n{title}\n    {' '.join(map(os.path.basename, command))}", flush=True)
  recorder = record(relink, recorded or command, profile, folder)
  print(f"  recorded by {recorder}: {os.path.getsize(profile) >> 10} KiB; "
        f"{_ROUNDS} runs of each, in turns", flush=True)
  relinked = (relink, "run", f"--profile={profile}", f"--remarks={remarks}",
              "--verbose", "--", *command)
  runs = measure.take_turns({"as it is": command, "relinked": relinked}, folder,
                            _ROUNDS)
  print(f"  {'':10} {'median':>8} {'fastest':>8} {'cpu':>8}")
  for name, found in runs.items():
    median = statistics.median(run.wall for run in found)
    cpu = statistics.median(run.cpu for run in found)
    print(f"  {name:10} {median:6.2f} s {min(run.wall for run in found):6.2f} s "
          f"{cpu:6.2f} s")
  found = measure.summary(runs["relinked"], runs["as it is"])
  print(f"  gain: {1 - found['wall_ratio']:+.1%} of the time, "
        f"{1 - found['cpu_ratio']:+.1%} of the processor's, both with planning")
  print(f"  {found['moved_functions']} functions of {found['moved_modules']} modules "
        f"moved, planned in {found['planning_s'] * 1e3:.0f} ms")
  for note in page_notes(remarks) if os.path.exists(remarks) else []:
    print(f"  pages of arena {note}")


def main():
  if len(sys.argv) not in (2, 3):
    sys.exit(__doc__.split("\n\n")[1])
  relink = os.path.abspath(sys.argv[1])
  scale = float(sys.argv[2]) if len(sys.argv) == 3 else 1.0
  with tempfile.TemporaryDirectory(prefix="relink-demo-") as folder:
    print("building a program of scattered hot functions", flush=True)
    built = programs.build_synthetic(folder, variants=False)
    show("4096 hot functions, each on a page of its own",
         (built["plain"], str(int(40000 * scale))), relink, folder,
         (built["plain"], str(int(80000 * scale))))
    real = next(name for name in _REAL if not workloads.missing(name))
    workload = workloads.make(real, folder, scale / 2)
    show(workload.note, workload.command, relink, folder)
  return 0


if __name__ == "__main__":
  sys.exit(main())
