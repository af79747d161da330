# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Build event files as Bazel writes them, and what is counted of them."""

import contextlib
import io
import json
import os
import tempfile
import unittest

import count_tests

PASSING = ('<testsuites><testsuite>'
           '<testcase name="Adds" status="run" classname="Math"/>'
           '<testcase name="Later" status="notrun" classname="Math"/>'
           '<testcase name="Not" result="suppressed" classname="Math"/>'
           '</testsuite></testsuites>')
FAILING = ('<testsuites><testsuite>'
           '<testcase name="Adds" status="run" classname="Math"/>'
           '<testcase name="Divides" status="run" classname="Math">'
           '<failure message="by 0"/></testcase>'
           '</testsuite></testsuites>')


class CountTests(unittest.TestCase):

  def setUp(self):
    folder = tempfile.TemporaryDirectory()
    self.addCleanup(folder.cleanup)
    self.folder = folder.name

  def write(self, name, text):
    path = os.path.join(self.folder, name)
    with open(path, "w", encoding="utf-8") as file:
      file.write(text)
    return path

  def result(self, label, status, xml=None, **where):
    outputs = [{"name": "test.log", "uri": "file:///nowhere/test.log"}]
    if xml is not None:
      path = self.write(f"{label.replace('/', '_')} {where}.xml", xml)
      uri = "file://" + path.replace(" ", "%20")
      outputs.append({"name": "test.xml", "uri": uri})
    return {"id": {"testResult": {"label": label, **where}},
            "testResult": {"status": status, "testActionOutput": outputs}}

  def count(self, *runs, failed=0):
    """(exit code, printed lines) for a file of events of each run."""
    paths = [self.write(f"{i}.json",
                        "".join(json.dumps(event) + "\n" for event in run))
             for i, run in enumerate(runs)]
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
      code = count_tests.main([f"--failed={failed}", *paths])
    return code, output.getvalue().splitlines()

  def test_counts_cases_that_ran(self):
    self.assertEqual((0, ["1 passed, 0 failed"]),
                     self.count([self.result("//a:b", "PASSED", PASSING)]))

  def test_adds_up_runs(self):
    run = [self.result("//a:b", "PASSED", PASSING)]
    self.assertEqual((0, ["2 passed, 0 failed"]), self.count(run, run))

  def test_names_each_failure(self):
    self.assertEqual(
        (1, ["FAILED //a:b: Math.Divides", "1 passed, 1 failed"]),
        self.count([self.result("//a:b", "FAILED", FAILING)], failed=1))

  def test_counts_a_crash_or_timeout_as_one_failure(self):
    self.assertEqual(
        (1, ["FAILED //a:b: TIMEOUT", "0 passed, 1 failed"]),
        self.count([self.result("//a:b", "TIMEOUT")], failed=1))
    self.assertEqual(
        (1, ["FAILED //a:b: FAILED", "0 passed, 1 failed"]),
        self.count([self.result("//a:b", "FAILED", "<broken")], failed=1))

  def test_fails_if_cases_passed_but_the_program_did_not(self):
    self.assertEqual(
        (1, ["FAILED //a:b: FAILED", "1 passed, 1 failed"]),
        self.count([self.result("//a:b", "FAILED", PASSING)], failed=1))

  def test_counts_the_last_attempt(self):
    self.assertEqual(
        (0, ["1 passed, 0 failed"]),
        self.count([self.result("//a:b", "FAILED", FAILING, attempt=1),
                    self.result("//a:b", "PASSED", PASSING, attempt=2)]))

  def test_counts_every_shard(self):
    self.assertEqual(
        (0, ["2 passed, 0 failed"]),
        self.count([self.result("//a:b", "PASSED", PASSING, shard=1),
                    self.result("//a:b", "PASSED", PASSING, shard=2)]))

  def test_counts_what_does_not_build(self):
    ran = self.result("//a:b", "PASSED", PASSING)
    broken = {"id": {"targetCompleted": {"label": "//a:c"}}, "completed": {}}
    self.assertEqual(
        (1, ["FAILED //a:c: does not build", "1 passed, 1 failed"]),
        self.count([ran, broken], failed=1))

  def test_leaves_out_what_this_machine_cannot_build(self):
    ran = self.result("//a:b", "PASSED", PASSING)
    built = {"id": {"targetCompleted": {"label": "//a:b"}},
             "completed": {"success": True}}
    skipped = {"id": {"targetCompleted": {"label": "//a:c"}},
               "aborted": {"reason": "SKIPPED"}}
    self.assertEqual((0, ["1 passed, 0 failed"]),
                     self.count([ran, built, skipped]))

  def test_fails_if_bazel_did_for_another_reason(self):
    self.assertEqual(
        (1, ["FAILED: the run itself; see above", "1 passed, 1 failed"]),
        self.count([self.result("//a:b", "PASSED", PASSING)], failed=1))

  def test_fails_if_nothing_ran(self):
    self.assertEqual((1, ["0 passed, 0 failed"]), self.count([]))
    self.assertEqual((1, ["0 passed, 0 failed"]), self.count())


if __name__ == "__main__":
  unittest.main()
