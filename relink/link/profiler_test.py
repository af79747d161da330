# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""What perf knows of code that Relink loaded."""

import os
import re
import subprocess
import tempfile
import unittest

PROGRAM = os.path.realpath("relink/link/debugged_program")
LIBRARY = os.path.realpath("testdata/debugging/libinner.so")
PASSES = "split-functions,choose-materialization<prefer=%s>,place"
# perf looks for maps there and nowhere else.
MAPS = "/tmp"


def environment(**more):
  clean = {name: value for name, value in os.environ.items()
           if not name.startswith(("LD_", "RELINK_", "DEBUGINFOD_"))}
  return {**clean, **more}


class ProfilerTest(unittest.TestCase):

  def setUp(self):
    folder = tempfile.TemporaryDirectory()
    self.addCleanup(folder.cleanup)
    self.folder = folder.name

  def report(self, how, **more):
    """The functions that `perf report` names, with the file of each."""
    data = os.path.join(self.folder, "perf.data")
    record = subprocess.run(
        ["perf", "record", "-q", "-e", "cpu-clock", "-F", "2000", "-o", data,
         PROGRAM, how, LIBRARY, "inner_spin"],
        env=environment(**more), check=False, text=True, timeout=100,
        stdin=subprocess.DEVNULL, capture_output=True)
    self.assertEqual(record.returncode, 0, record.stderr)
    report = subprocess.run(
        ["perf", "report", "-i", data, "--stdio", "--sort", "dso,symbol"],
        env=environment(), check=True, text=True, timeout=100,
        stdin=subprocess.DEVNULL, capture_output=True).stdout
    self.addCleanup(self.remove_map, data)
    return re.findall(r"^ +[0-9.]+% +(\S.*?) +\[[.k]\] (.*?)[ -]*$", report, re.M)

  def remove_map(self, data):
    script = subprocess.run(["perf", "script", "-i", data, "-F", "pid"],
                            check=True, text=True, capture_output=True).stdout
    for pid in set(script.split()):
      for kind in "perf", "relink":
        path = f"{MAPS}/{kind}-{pid}.map"
        if os.path.exists(path):
          os.remove(path)

  def test_names_functions_that_no_mapped_file_has(self):
    for how, passes in (("file", ""), ("memory", ""),
                        ("file", PASSES % "overlay"),
                        ("file", PASSES % "arenas")):
      with self.subTest(how=how, passes=passes):
        more = {"RELINK_PASSES": passes} if passes else {}
        named = self.report(how, RELINK_PERF_MAP="1", **more)
        self.assertIn("inner_spin", [name for _, name in named], named)

  def test_has_no_name_without_a_map(self):
    named = self.report("file")
    self.assertNotIn("inner_spin", [name for _, name in named], named)


if __name__ == "__main__":
  unittest.main()
