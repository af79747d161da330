# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Tests of what measures layouts: the program it makes, turns, figures, tables."""

import contextlib
import io
import json
import os
import re
import struct
import subprocess
import tempfile
import unittest

import best_layout
import cache_misses
import demo
import measure
import programs
import recordings
import report
import run_layout
import workloads
import write_synthetic


def run_of(wall, output="same", planning=0.0):
  return measure.Run(wall, wall / 2, 1024, 10, output, planning, (3, 1))


class SyntheticProgramTest(unittest.TestCase):

  def test_is_the_same_each_time(self):
    self.assertEqual(write_synthetic.Program(64).text,
                     write_synthetic.Program(64).text)

  def test_order_has_each_hot_function_once_and_groups_before_their_leaves(self):
    order = write_synthetic.Program(64).order
    self.assertEqual(len(set(order)), 1 + 4 + 64)
    self.assertEqual(order[:2], ["run_once", "group0"])
    self.assertEqual(order[2 + write_synthetic.GROUP], "group1")

  def test_a_quarter_of_the_calls_go_through_pointers(self):
    text = write_synthetic.Program(64).text
    self.assertEqual(len(re.findall(r"call \*pointer", text)), 16)
    self.assertEqual(len(re.findall(r"call leaf", text)), 48)

  def test_leaves_are_a_page_apart_and_in_an_ordered_program_are_not(self):
    with tempfile.TemporaryDirectory() as folder:
      built = programs.build_synthetic(folder, 64)
      apart = {name: self.distances(path) for name, path in built.items()}
      outputs = {subprocess.run([path, "10"], capture_output=True,
                                check=True).stdout for path in built.values()}
    self.assertEqual(len(outputs), 1)
    self.assertGreater(min(apart["plain"]), 1000)
    self.assertLess(sorted(apart["ordered"])[32], 200)

  @staticmethod
  def distances(program):
    text = subprocess.run(["nm", program], capture_output=True, text=True,
                          check=True).stdout
    places = sorted(int(line.split()[0], 16) for line in text.splitlines()
                    if re.search(r" leaf\d+$", line))
    return [b - a for a, b in zip(places, places[1:])]


class MeasureTest(unittest.TestCase):

  def test_a_run_has_time_memory_and_what_relink_said(self):
    run = measure.run_once(
        ["sh", "-c", "echo out; echo '/x: 12 functions of 2 modules moved in 1500 us'"
         " >&2; echo '/y: 0 functions of 1 modules moved in 500 us' >&2"], "/")
    self.assertGreater(run.wall, 0)
    self.assertGreater(run.rss_kib, 0)
    self.assertAlmostEqual(run.planning, 0.002)
    self.assertEqual(run.moved, (12, 2))

  def test_a_program_that_fails_is_an_error(self):
    with self.assertRaisesRegex(measure.RunError, "exit code 3: why"):
      measure.run_once(["sh", "-c", "echo why >&2; exit 3"], "/")

  def test_each_round_begins_with_another(self):
    with tempfile.TemporaryDirectory() as folder:
      log = os.path.join(folder, "log")
      commands = {name: ["sh", "-c", f"echo {name} >> {log}"] for name in "abc"}
      runs = measure.take_turns(commands, folder, 3)
      with open(log, encoding="ascii") as file:
        self.assertEqual(file.read().split(), list("a" "abc" "bca" "cab"))
    self.assertEqual([len(found) for found in runs.values()], [3, 3, 3])

  def test_another_output_is_an_error(self):
    with self.assertRaisesRegex(measure.RunError, "b: another output than a"):
      measure.take_turns({"a": ["echo", "1"], "b": ["echo", "2"]}, "/", 1)

  def test_ratios_are_of_neighbours(self):
    slow_machine = [run_of(1.0), run_of(8.0), run_of(1.0)]
    found = measure.summary([run_of(0.5), run_of(4.0), run_of(0.4)], slow_machine)
    self.assertEqual(found["wall_ratio"], 0.5)
    self.assertEqual(found["wall_min_ratio"], 0.4)
    self.assertEqual(found["cpu_median"], 0.25)


class RecordingsTest(unittest.TestCase):

  def test_pages_are_counted_once_and_the_kernels_not(self):
    addresses = [0x1000, 0x1fff, 0x2000, 0xffffffff81000000] + [0x5000] * 97
    self.assertEqual(recordings.count_pages(addresses), (100, 3, 2, 1))

  def test_no_samples_are_no_pages(self):
    self.assertEqual(recordings.count_pages([]), (0, 0, 0, 0))


class ReportTest(unittest.TestCase):

  def test_rows_have_as_many_cells_as_the_header(self):
    runs = [run_of(1.0, planning=0.25)]
    row = {"workload": "w", "note": "n", "variant": "v", "rounds": 1, "samples": 5,
           "code_pages": 4, "code_pages_of_99_percent": 3, "code_pages_if_full": 2,
           **measure.summary(runs, runs)}
    for extra in ({}, {"i1_misses": 1234}):
      lines = report.table([{**row, **extra}]).splitlines()
      self.assertEqual(len({line.count("|") for line in lines[:3]}), 1)
      self.assertIn(" 250 ms ", lines[2])
      self.assertIn(" 4 (3; 2) ", lines[2])

  def test_misses_are_found_in_what_valgrind_says(self):
    self.assertEqual(cache_misses.parse("==1== I1  misses:  1,186,709\n"), 1186709)
    with self.assertRaises(measure.RunError):
      cache_misses.parse("nothing")

  def test_compilers_are_counted_less_a_compilation_of_nothing(self):
    command = ("clang", "-c", "-DINSTANCES=8", "a/large.cc", "-o", "/dev/null")
    nothing, one, rounds = cache_misses.COMMANDS["clang"](command)
    self.assertEqual(nothing, ("clang", "-c", "-DINSTANCES=1", "-x", "c++",
                               "/dev/null", "-o", "/dev/null"))
    self.assertEqual(one[2:4], ("-DINSTANCES=1", "a/large.cc"))
    self.assertEqual(rounds, 1)

  def test_page_notes_are_said_once(self):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
      file.write('{"pass": "pages", "subject": "hot", "message": "on huge pages"}\n'
                 '{"pass": "pack-hot", "message": "other"}\n'
                 '{"pass": "pages", "subject": "hot", "message": "on huge pages"}\n')
      file.flush()
      self.assertEqual(demo.page_notes(file.name), ["hot: on huge pages"])


class BestLayoutTest(unittest.TestCase):

  def test_layouts_are_simulated(self):
    with tempfile.TemporaryDirectory() as folder:
      at = lambda name: os.path.join(folder, name)
      subprocess.run(["c++", "-std=c++20", "-o", at("simulate"), os.path.join(
          os.path.dirname(__file__), "simulate_layouts.cc")], check=True)
      # Nine functions on lines that share a set of eight, in turns.
      with open(at("functions"), "w", encoding="ascii") as file:
        file.writelines(f"{0x10000 + i * 0x1000:x}\n" for i in range(10))
      with open(at("blocks"), "w", encoding="ascii") as file:
        file.writelines(f"{i} {0x10000 + i * 0x1000:x} 16 4\n" for i in range(9))
      with open(at("sequence"), "wb") as file:
        file.write(struct.pack("<9I", *range(9)) * 100)
      output = subprocess.run([at("simulate")], cwd=folder, check=True,
                              capture_output=True, text=True).stdout
      rows = [json.loads(line) for line in output.splitlines()]
    self.assertEqual(rows[0]["instructions"], 3600)
    self.assertEqual(rows[0]["line_misses"], 900)
    self.assertEqual(rows[1]["line_misses"], 900)
    self.assertEqual(rows[2]["layout"], "blocks that ran 1 times")
    self.assertEqual(rows[2]["bytes"], 9 * 16)
    self.assertEqual(rows[2]["line_misses"], 3)
    self.assertEqual(rows[2]["page_misses"], 1)
    self.assertEqual(rows[4]["line_misses"], 900)  # None ran so often.
    self.assertIn("0.003", "\n".join(best_layout.table(rows)))

  def test_functions_begin_where_the_table_of_unwinding_says(self):
    with open("/bin/true", "rb") as file:
      self.assertGreater(len(best_layout.function_begins(file.read())), 5)
    self.assertEqual(best_layout.function_begins(b"no ELF"), [])


class OptionsTest(unittest.TestCase):

  def test_wrong_ones_are_usage_errors(self):
    for arguments in (["nothing"], ["--rounds", "0"], ["--scale", "-1"],
                      ["--wrong"]):
      with self.subTest(arguments), contextlib.redirect_stderr(
          io.StringIO()) as errors, self.assertRaises(SystemExit) as end:
        run_layout.parse(arguments)
      self.assertEqual(end.exception.code, 2)
      self.assertIn("usage: tools/bench --layout", errors.getvalue())

  def test_relink_runs_the_program_with_both_kinds_of_pages(self):
    commands = run_layout.relink_commands("relink", "p", ("app", "1"))
    self.assertEqual(list(commands), ["relink 4K", "relink 2M"])
    for name, command in commands.items():
      self.assertIn(f"pack-hot<page={name[-2:]}>", command[2])
      self.assertEqual(command[-3:], ("--", "app", "1"))

  def test_every_workload_says_what_is_missing(self):
    for name in workloads.NAMES:
      self.assertIsInstance(workloads.missing(name), str)


if __name__ == "__main__":
  unittest.main()
