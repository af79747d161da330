# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Runs every case of every suite as briefly as it can be: none of them rots."""

import json
import os
import subprocess
import tempfile
import unittest

import write_report

REQUIRED_CASES = {
    "load": {"chain/file", "chain/memory", "libz", "libcrypto", "libLLVM"},
    "link": {"chain", "graph25", "graph200"},
    "scan_first": {"chain/empty", "chain/sections", "functions100k"},
    "symbol": {"hit", "miss"},
    "throw": {"1_module/1_thread", "300_modules/4_threads"},
}


def run(suite, *args):
  return subprocess.run([f"bench/{suite}_benchmark", *args],
                        capture_output=True, text=True, check=False)


class BenchmarkProgramTest(unittest.TestCase):

  def check_rows(self, suite, rows):
    for row in rows:
      with self.subTest(row.get("case")):
        self.assertEqual(list(row), ["suite", "case", "relink_ns", "baseline",
                                     "baseline_ns", "ratio"])
        self.assertEqual(row["suite"], suite)
        self.assertGreater(row["relink_ns"], 0)
        self.assertGreater(row["baseline_ns"], 0)
        self.assertAlmostEqual(row["ratio"],
                               row["relink_ns"] / row["baseline_ns"], delta=0.01)
    cases = [row["case"] for row in rows]
    self.assertEqual(len(cases), len(set(cases)))
    self.assertLessEqual(REQUIRED_CASES[suite], set(cases))

  def measure(self, suite):
    with tempfile.TemporaryDirectory() as folder:
      path = os.path.join(folder, "rows.json")
      result = run(suite, "--json", path, "--seconds", "0", "--pairs", "1")
      self.assertEqual(result.returncode, 0, result.stderr)
      with open(path, encoding="utf-8") as file:
        rows = json.load(file)
    self.check_rows(suite, rows)
    self.assertEqual(len(result.stdout.splitlines()), 2 + len(rows))

  def test_load_measures_every_case(self):
    self.measure("load")

  def test_link_measures_every_case(self):
    self.measure("link")

  def test_scan_first_measures_every_case(self):
    self.measure("scan_first")

  def test_symbol_measures_every_case(self):
    self.measure("symbol")

  def test_throw_measures_every_case(self):
    self.measure("throw")

  def test_breakdown_names_every_step(self):
    result = run("load", "--breakdown", "chain/memory", "--seconds", "0")
    self.assertEqual(result.returncode, 0, result.stderr)
    for step in ["scan", "layout", "stage", "relocate", "finish", "commit",
                 "unload", "mmap", "page faults"]:
      self.assertIn(f"| {step} ", result.stdout)

  def test_wrong_arguments_are_usage_errors(self):
    for args in [["--case"], ["--case", "nothing"], ["--pairs", "many"],
                 ["--wrong", "x"], ["--breakdown", "nothing"]]:
      with self.subTest(args):
        result = run("load", *args)
        self.assertEqual(result.returncode, 2)
        self.assertIn("usage: load_benchmark", result.stderr)


class WriteReportTest(unittest.TestCase):

  def test_rows_of_all_suites_make_one_list(self):
    with tempfile.TemporaryDirectory() as folder:
      paths = []
      for suite in ["load", "symbol"]:
        paths.append(os.path.join(folder, suite))
        with open(paths[-1], "w", encoding="utf-8") as file:
          json.dump([{"suite": suite, "ratio": 0.5}], file)
      self.assertEqual(json.loads(write_report.join_rows(paths)),
                       [{"suite": "load", "ratio": 0.5},
                        {"suite": "symbol", "ratio": 0.5}])

  def test_a_table_replaces_that_of_its_suite_only(self):
    text = ("a\n<!-- table: load -->\nold\n<!-- end of table -->\n"
            "b\n<!-- table: symbol -->\nold\n<!-- end of table -->\nc\n")
    self.assertEqual(
        write_report.replace_table(text, "symbol", "new\n"),
        "a\n<!-- table: load -->\nold\n<!-- end of table -->\n"
        "b\n<!-- table: symbol -->\nnew\n<!-- end of table -->\nc\n")
    with self.assertRaises(ValueError):
      write_report.replace_table(text, "other", "new\n")

  def test_the_documentation_has_a_place_for_every_suite(self):
    with open("docs/benchmarks.md", encoding="utf-8") as file:
      text = file.read()
    for suite in REQUIRED_CASES:
      self.assertIn("new\n", write_report.replace_table(text, suite, "new\n"))


if __name__ == "__main__":
  unittest.main()
