# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Tests of what tools/real_programs takes for a difference."""

import os
import stat
import tempfile
import unittest

import debian_sources
import libraries
import outcome
import real_programs


def moved(name="program.so", **changes):
  facts = {"module": f"/somewhere/{name}", "capability": "Reorderable",
           "materialization": "Arenas", "functions": 9, "moved_functions": 8,
           "bytes": 90, "moved_bytes": 80, "new_neighbours": 7}
  return {**facts, **changes}


def made(exit_code=0, out=b"", err=b"", modules=(), problems=()):
  return outcome.Outcome("command", exit_code, out, err, tuple(modules),
                         tuple(problems))


class Difference(unittest.TestCase):

  def test_is_none_between_equals(self):
    self.assertEqual(outcome.difference(made(3, b"a"), made(3, b"a")), "")

  def test_is_another_exit_code(self):
    self.assertEqual(outcome.difference(made(0), made(-11)),
                     "exit code -11, not 0")

  def test_is_named_by_its_first_line(self):
    self.assertEqual(
        outcome.difference(made(out=b"a\nb\nc"), made(out=b"a\nB\nC")),
        "output line 2: 'B', not 'b'")
    self.assertEqual(outcome.difference(made(err=b"a"), made(err=b"a\nb")),
                     "errors line 2: 'b', not 'its end'")

  def test_is_a_problem_too(self):
    self.assertEqual(outcome.difference(made(), made(problems=["W"])), "W")


class NotMoved(unittest.TestCase):

  def test_is_nothing_if_both_moved(self):
    found = made(modules=[moved(), moved("libz.so.1")])
    self.assertEqual(outcome.not_moved(found, "libz.so.1", True), "")

  def test_is_a_module_in_its_old_order(self):
    found = made(modules=[moved(), moved("libz.so.1", new_neighbours=0)])
    self.assertIn("libz.so.1", outcome.not_moved(found, "libz.so.1", True))

  def test_is_a_module_that_could_be_in_arenas(self):
    found = made(modules=[moved(materialization="Overlay")])
    self.assertIn("Reorderable", outcome.not_moved(found, "libz.so.1", True))
    self.assertEqual(outcome.not_moved(found, "libz.so.1", False), "")

  def test_is_everything_without_a_report(self):
    self.assertNotEqual(outcome.not_moved(made(), "libz.so.1", False), "")


class Run(unittest.TestCase):

  def setUp(self):
    self._folder = tempfile.TemporaryDirectory()
    self.addCleanup(self._folder.cleanup)

  def run_script(self, script, **case):
    """Runs a shell script in the place of run_main."""
    path = os.path.join(self._folder.name, "runner")
    with open(path, "w", encoding="ascii") as file:
      file.write("#!/bin/sh\nreport=${1#--report=}\n" + script)
    os.chmod(path, stat.S_IRWXU)
    return outcome.run(path, [], "program.so", libraries.Case("case", **case))

  def test_reads_the_report(self):
    found = self.run_script(
        """echo '{"at":"main","modules":[{"module":"m"}],
"writable_and_executable":false}' | tr -d '\\n' > $report; echo >> $report
echo '{"at":"exit","writable_and_executable":false}' >> $report
echo out; echo err >&2; exit 4
""")
    self.assertEqual((found.exit_code, found.out, found.err, found.problems),
                     (4, b"out\n", b"err\n", ()))
    self.assertEqual(found.modules, ({"module": "m"},))

  def test_finds_writable_code_and_an_early_end(self):
    found = self.run_script(
        """echo '{"at":"main","writable_and_executable":true}' > $report
kill -9 $$
""")
    self.assertEqual(found.exit_code, -9)
    self.assertEqual(found.problems,
                     ("writable and executable memory at main",
                      "the process did not end by exit()"))

  def test_takes_no_account_of_times_and_places(self):
    found = self.run_script("echo 1.234s in $PWD, 0.5 seconds, 1.5")
    self.assertEqual(found.out, b"?s in FOLDER, ? seconds, 1.5\n")

  def test_gives_files_and_arguments(self):
    source = os.path.join(self._folder.name, "source")
    with open(source, "w", encoding="ascii") as file:
      file.write("text")
    found = self.run_script('cat "$3"; cat', arguments=("copy",), stdin=source,
                            files=((source, "copy"),))
    self.assertEqual(found.out, b"texttext")


class Ways(unittest.TestCase):

  def test_have_each_seed_once(self):
    build = real_programs.Build(None, "gcc-ld", [])
    ways = {name: pipelines for name, _, pipelines in
            real_programs.ways(build, 3)}
    self.assertEqual(list(ways), ["whole", "arenas", "arenas,plt-bypass,relax",
                                  "overlay", "overlay,plt-bypass,relax"])
    self.assertEqual(len(set(ways["arenas"])), 3)

  def test_of_stock_libraries_are_overlays(self):
    build = real_programs.Build(None, "stock", [])
    self.assertEqual([(name, arenas) for name, arenas, _ in
                      real_programs.ways(build, 1)],
                     [("whole", False), ("overlay", False),
                      ("overlay,plt-bypass,relax", False)])


class Sources(unittest.TestCase):

  def test_are_added_to_both_formats(self):
    self.assertEqual(
        debian_sources.with_sources(
            "a.sources", "# Types: no\nTypes: deb\nURIs: u\nSuites: s\n"),
        "# Types: no\nTypes: deb deb-src\nURIs: u\nSuites: s\n")
    self.assertEqual(
        debian_sources.with_sources(
            "a.list", "# deb u s\ndeb [signed-by=k] u s main\ndeb-src u s main\n"),
        "deb [signed-by=k] u s main\ndeb-src [signed-by=k] u s main\n")


if __name__ == "__main__":
  unittest.main()
