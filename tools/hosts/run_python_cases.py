# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""usage: run_python_cases.py TEST

Runs one of this Python's own tests and prints what came of each case. Exits as the
test does.
"""

import collections
import os
import sys
from test import libregrtest
import xml.etree.ElementTree as ElementTree

_REPORT = "report.xml"


def run(name):
  """The exit code; cases print as they like, but not on this program's output."""
  nowhere = os.open(os.devnull, os.O_WRONLY)
  output = os.dup(1), os.dup(2)
  for stream in (1, 2):
    os.dup2(nowhere, stream)
  try:
    sys.argv = ["test", "--junit-xml", os.path.abspath(_REPORT), name]
    libregrtest.main()
    return 0
  except SystemExit as end:
    return end.code
  finally:
    sys.stdout.flush()
    sys.stderr.flush()
    os.dup2(output[0], 1)
    os.dup2(output[1], 2)


def outcome(case):
  """What a <testcase> says."""
  for kind in ("error", "failure", "skipped"):
    if case.find(kind) is not None:
      return kind
  return "ok" if case.get("result") == "completed" else case.get("result")


def main():
  code = run(sys.argv[1])
  cases = [(case.get("name"), outcome(case))
           for case in ElementTree.parse(_REPORT).iter("testcase")]
  for name, what in sorted(cases):
    print(f"{name}: {what}")
  count = collections.Counter(what for _, what in cases)
  print(", ".join(f"{number} {what}" for what, number in sorted(count.items())))
  sys.exit(code)


if __name__ == "__main__":
  main()
