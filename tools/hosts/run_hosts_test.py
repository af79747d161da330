# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Hosts that load libraries while they run give the same by Relink."""

import os
import unittest

import host_cases
import run_hosts

LIBRARY = os.path.realpath("relink/dlfcn/librelink_dl.so")


class HostsTest(unittest.TestCase):

  def check(self, name):
    case = next(case for case in host_cases.cases("/usr/bin/python3")
                if case.name == name)
    reason, by_relink, _, _ = run_hosts.compare(case, LIBRARY)
    self.assertEqual(reason, "")
    self.assertGreaterEqual(by_relink, case.loads)

  def test_python_imports_its_extension_modules(self):
    self.check("python-extensions")

  def test_perl_loads_its_modules(self):
    self.check("perl-modules")

  def test_what_relink_refuses_is_an_error_if_strict(self):
    script = ("RELINK_DL_STRICT=1 /usr/bin/python3 -c 'import ctypes\n"
              "try: ctypes.CDLL(\"libnone.so\")\n"
              "except OSError as error: print(error)'")
    code, output, _, _ = run_hosts.run(script, LIBRARY)
    self.assertEqual(code, 0)
    self.assertIn(b"libnone.so", output)

  def test_the_first_of_what_differs_is_shown(self):
    self.assertEqual(
        run_hosts.first_difference(b"a: ok\nb: ok\n", b"a: ok\nb: failed\nc"),
        "b'b: ok' became b'b: failed' (2 lines)")

  def test_a_program_that_loads_nothing_runs_as_ever(self):
    self.assertEqual(run_hosts.run("/bin/echo one", LIBRARY)[:3],
                     (0, b"one\n", b""))


if __name__ == "__main__":
  unittest.main()
