# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""What gdb knows of modules that Relink loaded."""

import os
import re
import subprocess
import unittest

PROGRAM = "relink/link/debugged_program"
LIBRARIES = os.path.realpath("testdata/debugging")
PASSES = "split-functions,choose-materialization<prefer=%s>,place"


def gdb(how, library, function, *commands, **environment):
  """What gdb prints when it runs the program with these commands."""
  clean = {name: value for name, value in os.environ.items()
           if not name.startswith(("LD_", "RELINK_", "DEBUGINFOD_"))}
  arguments = ["gdb", "-nx", "-q", "-batch", "-ex", "set width 0",
               "-ex", "set breakpoint pending on",
               "-ex", "set debuginfod enabled off"]
  for command in commands:
    arguments += ["-ex", command]
  done = subprocess.run(
      [*arguments, "--args", os.path.realpath(PROGRAM), how,
       f"{LIBRARIES}/lib{library}.so", function],
      env={**clean, **environment}, check=False, text=True, timeout=100,
      stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
      stderr=subprocess.STDOUT)
  return done.stdout


def attach(how):
  """What a gdb prints that attaches to the program in the callback."""
  command = [os.path.realpath(PROGRAM), how, f"{LIBRARIES}/libouter.so",
             "outer_add", "wait"]
  with subprocess.Popen(command, text=True, stdin=subprocess.PIPE,
                        stdout=subprocess.PIPE) as program:
    assert program.stdout.readline() == "waiting\n"
    done = subprocess.run(
        ["gdb", "-nx", "-q", "-batch", "-ex", "set width 0", "-ex", "bt",
         "-p", str(program.pid)], check=False, text=True, timeout=100,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT)
    program.stdin.close()
    assert program.wait() == 0
  return done.stdout


def frames(output):
  """The functions of a backtrace, innermost first, with their lines if known."""
  found = re.findall(r"^#\d+ +(?:0x[0-9a-f]+ in )?(\S+) \(.*\)"
                     r"(?: (?:at \S*?([^/\s]+:\d+)|from \S+))?$", output, re.M)
  return [f"{name} {line}".strip() for name, line in found]


class DebuggerTest(unittest.TestCase):

  def test_stops_by_name_and_shows_lines_of_every_module(self):
    output = gdb("file", "outer", "outer_add", "break inner_step", "run", "bt",
                 "next", "info locals", "print inner_total", "finish")
    self.assertEqual(frames(output)[:3], [
        "inner_step inner.c:7", "inner_add inner.c:13", "outer_add outer.c:7"],
        output)
    self.assertRegex(output, r"#\d+ .* main ")
    self.assertIn("doubled = 8", output)
    self.assertIn("$1 = 7", output)
    self.assertIn("Value returned is $2 = 15", output)

  def test_stops_by_line(self):
    output = gdb("file", "outer", "outer_add", "break inner.c:8", "run", "bt 1")
    self.assertEqual(frames(output), ["inner_step inner.c:8"], output)

  def test_sees_a_module_that_was_loaded_again(self):
    output = gdb("file", "outer", "outer_add", "break program_callback", "run",
                 "continue", "bt", "continue")
    self.assertEqual(output.count("Breakpoint 1, "), 2, output)
    self.assertEqual(frames(output)[1:3], [
        "inner_add inner.c:14", "outer_add outer.c:7"], output)
    self.assertIn("exited normally", output)
    self.assertEqual(output.count("outer_add: "), 2, output)

  def test_unwinds_through_a_file_without_symbols(self):
    output = gdb("file", "stripped", "inner_add", "break program_callback",
                 "run", "bt")
    self.assertRegex(frames(output)[0], "^program_callback ")
    self.assertEqual(frames(output)[1], "inner_add", output)
    self.assertRegex(output, r"#\d+ .* main ")

  def test_names_functions_of_bytes_in_memory(self):
    for library in "inner", "stripped":
      with self.subTest(library):
        output = gdb("memory", library, "inner_add", "break inner_add", "run",
                     "break program_callback", "continue", "bt")
        self.assertIn("Breakpoint 1, 0x", output)
        self.assertEqual(frames(output)[1], "inner_add", output)
        self.assertRegex(output, r"#\d+ .* main ")

  def test_names_functions_that_moved(self):
    for way in "overlay", "arenas":
      with self.subTest(way):
        output = gdb("file", "outer", "outer_add", "break program_callback",
                     "run", "bt", "info symbol $pc",
                     RELINK_PASSES=PASSES % way)
        names = [frame.split()[0] for frame in frames(output)]
        self.assertEqual(names[1:3], ["inner_add", "outer_add"], output)
        self.assertRegex(output, r"#\d+ .* main ")

  def test_one_that_attaches_sees_what_is_always_told(self):
    for how, names in (("always", ["program_callback", "inner_add", "outer_add"]),
                       ("file", ["program_callback", "??", "??"])):
      with self.subTest(how):
        output = attach(how)
        shown = [frame.split()[0] for frame in frames(output)]
        first = shown.index(names[0])
        self.assertEqual(shown[first:first + 3], names, output)

  def test_runs_without_it_as_well(self):
    done = subprocess.run(
        [os.path.realpath(PROGRAM), "always", f"{LIBRARIES}/libouter.so",
         "outer_add"], check=True, text=True, capture_output=True)
    self.assertEqual(done.stdout, "outer_add: 31\nouter_add: 31\n")


if __name__ == "__main__":
  unittest.main()
