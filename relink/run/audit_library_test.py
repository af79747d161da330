# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Programs with and without librelink_audit.so."""

import os
import random
import re
import shutil
import subprocess
import tempfile
import unittest

AUDIT = os.path.realpath(os.environ.get("RELINK_AUDIT",
                                        "relink/run/librelink_audit.so"))
CURIOUS = os.path.realpath(os.environ.get("RELINK_CURIOUS",
                                          "testdata/run/curious.elf"))
PASSES = "split-functions,order<by=random,seed=%d>,place"


def run(command, **environment):
  """The exit code, output and errors of a command."""
  clean = {name: value for name, value in os.environ.items()
           if not name.startswith(("LD_", "RELINK_"))}
  done = subprocess.run(command, env={**clean, **environment}, check=False,
                        stdin=subprocess.DEVNULL, capture_output=True,
                        timeout=120)
  return done.returncode, done.stdout, done.stderr


PROFILED = "apply-profile<file=%s,least=0,share=0>,pack-hot<coverage=1>,plt-bypass"


def write_profile(path, files, seed):
  """A profile that says of half the functions of some files that they ran."""
  chance = random.Random(seed)
  with open(path, "w", encoding="ascii") as out:
    for file in files:
      notes = subprocess.run(["readelf", "-nW", file], check=True, text=True,
                             capture_output=True).stdout
      build_id = re.search(r"Build ID: ([0-9a-f]+)", notes).group(1)
      symbols = subprocess.run(["readelf", "-sW", file], check=True, text=True,
                               capture_output=True).stdout
      for address in re.findall(
          r"^ *\d+: ([0-9a-f]+) +\d+ I?FUNC .* +\d+ \S+$", symbols, re.M):
        if chance.random() < 0.5:
          out.write(f"S {build_id}:{int(address, 16):x} {chance.randrange(9)}\n")


class Relinked(unittest.TestCase):

  def setUp(self):
    self.log = tempfile.NamedTemporaryFile()
    self.addCleanup(self.log.close)

  def relinked(self, command, passes=PASSES % 1, **environment):
    return run(command, LD_AUDIT=AUDIT, RELINK_PASSES=passes,
               RELINK_LOG=self.log.name, **environment)

  def moved(self):
    """How many functions, by the log."""
    return sum(map(int, re.findall(r"(\d+) functions", self.log.read().decode())))

  def compare(self, command, seeds=(1,)):
    expected = run(command)
    for seed in seeds:
      with self.subTest(seed=seed, command=command):
        self.assertEqual(self.relinked(command, PASSES % seed), expected)
        self.assertGreater(self.moved(), 1000)

  def test_a_curious_program_notices_nothing(self):
    self.compare([CURIOUS], range(1, 6))

  def test_the_order_of_the_file_and_plt_bypass_do_not_matter(self):
    expected = run([CURIOUS])
    for passes in ("split-functions,order<by=reverse>,place",
                   "split-functions,place,plt-bypass,relax"):
      with self.subTest(passes=passes):
        self.assertEqual(self.relinked([CURIOUS], passes), expected)

  def test_half_of_the_functions_packed_is_not_noticed(self):
    expected = run([CURIOUS])
    libraries = re.findall(r"=> (/\S+)", run(["ldd", CURIOUS])[1].decode())
    for seed in range(1, 6):
      with self.subTest(seed=seed), tempfile.NamedTemporaryFile() as profile:
        write_profile(profile.name, [CURIOUS, *libraries], seed)
        for passes in (PROFILED, PROFILED.replace("plt-", "leave-cold,plt-")):
          self.assertEqual(self.relinked([CURIOUS], passes % profile.name),
                           expected, passes)
          self.assertGreater(self.moved(), 500)

  def test_a_profile_is_enough(self):
    expected = run([CURIOUS])
    with tempfile.NamedTemporaryFile("w") as profile:
      profile.write("main;malloc 90\nmain 10\n")
      profile.flush()
      found = run([CURIOUS], LD_AUDIT=AUDIT, RELINK_PROFILE=profile.name,
                  RELINK_LOG=self.log.name)
    self.assertEqual(found, expected)
    self.assertGreater(self.moved(), 0)

  def test_a_profile_of_another_program_does_nothing(self):
    with tempfile.NamedTemporaryFile("w") as profile:
      profile.write("S 0123456789abcdef:1000 90\n")
      profile.flush()
      run(["/bin/true"], LD_AUDIT=AUDIT, RELINK_PROFILE=profile.name,
          RELINK_LOG=self.log.name)
    self.assertEqual(self.moved(), 0)

  def test_system_programs_do_what_they_do(self):
    scripts = ("true", "false", "ls -d /", "echo a | (read x; echo $x)",
               "sort /etc/passwd | md5sum",
               "sqlite3 :memory: 'select sum(1), sqrt(2)'",
               "/usr/bin/python3 -c 'import json, ctypes; print(json.dumps([1]))'",
               "perl -MPOSIX -e 'print floor(1.5)'")
    for script in scripts:
      if shutil.which(script.split()[0]):
        self.compare(["/bin/bash", "-c", script])

  def test_wrong_passes_change_nothing(self):
    expected = run([CURIOUS])
    for passes in ("", "no-such-pass", "split-functions,",
                   "choose-materialization<prefer=arenas,force>,place"):
      with self.subTest(passes=passes):
        self.assertEqual(self.relinked([CURIOUS], passes), expected)

  def test_nothing_is_writable_and_executable(self):
    _, out, _ = self.relinked(["/bin/cat", "/proc/self/maps"])
    self.assertNotIn(b" rwx", out)
    self.assertGreater(self.moved(), 1000)

  def test_remarks_say_of_each_function_what_was_done(self):
    with tempfile.NamedTemporaryFile() as remarks:
      self.relinked(["/bin/true"], RELINK_REMARKS=remarks.name)
      self.assertIn(b'"kind": "moved"', remarks.read())


if __name__ == "__main__":
  unittest.main()
