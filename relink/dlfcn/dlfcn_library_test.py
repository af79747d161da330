# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""A program that calls dlopen and its like in many ways, as it is and by Relink."""

import os
import re
import subprocess
import tempfile
import unittest

LIBRARY = os.path.realpath("relink/dlfcn/librelink_dl.so")
FOLDER = os.path.realpath("testdata/dlfcn")
PROGRAM = os.path.join(FOLDER, "calls.elf")


def run(command, preload, **variables):
  """(exit code, output, errors, report)."""
  with tempfile.NamedTemporaryFile() as report:
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith(("LD_", "RELINK_"))}
    if preload:
      environment.update(LD_PRELOAD=LIBRARY, RELINK_DL_VERBOSE=report.name)
    done = subprocess.run(command, env={**environment, **variables},
                          check=False, capture_output=True, text=True,
                          timeout=120)
    return (done.returncode, done.stdout, done.stderr,
            report.read().decode())


class DlfcnLibrary(unittest.TestCase):

  def setUp(self):
    self.folder = tempfile.mkdtemp()
    with open(os.path.join(FOLDER, "libsecond.so"), "rb") as file:
      library = file.read()
    for name, contents in (("empty", b""), ("short", b"ELF"),
                           ("text", b"no library at all\n" * 10),
                           ("truncated", library[:700])):
      with open(os.path.join(self.folder, name), "wb") as file:
        file.write(contents)

  def test_does_what_the_c_library_does(self):
    before = run([PROGRAM, self.folder], preload=False)
    after = run([PROGRAM, self.folder], preload=True)
    self.maxDiff = None
    self.assertEqual(before[1].splitlines(), after[1].splitlines())
    self.assertEqual(before[:3], after[:3])
    self.assertEqual(before[0], 0)
    # And not because that did it all.
    by_relink = set(re.findall(r"relink_dl: (\S+): by Relink", after[3]))
    self.assertLessEqual({"libfirst.so", "libsecond.so", "libdeep.so",
                          "libcounter.so", "libversioned.so",
                          "libfinalized.so"}, by_relink)
    by_host = {os.path.basename(file) for file in
               re.findall(r"relink_dl: (\S+): by ld\.so", after[3])}
    # libsecond.so in a namespace that there is not.
    self.assertEqual(by_host, {"libnone.so", "empty", "short", "text", ".",
                               "libsecond.so"})

  def test_finds_by_the_paths_of_whoever_asks(self):
    # Only the program's DT_RUNPATH leads there.
    found = run([PROGRAM, self.folder], preload=True, RELINK_DL_STRICT="1")
    self.assertIn("first: opened\n", found[1])
    self.assertIn("opened by a module: second\n", found[1])

  def test_says_what_is_wrong_where_ld_so_would_touch_missing_pages(self):
    script = ("import ctypes\n"
              f"try: ctypes.CDLL('{self.folder}/truncated')\n"
              "except OSError as error: print(error)")
    code, output, _, _ = run(["/usr/bin/python3", "-c", script], preload=True)
    self.assertEqual(code, 0)
    self.assertIn("segment runs past the end of the file", output)


if __name__ == "__main__":
  unittest.main()
