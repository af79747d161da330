# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""usage: run_python_test.py TEST.py

Runs the unittest cases of a file and reports them to Bazel.
"""

import importlib.util
import os
import sys
import unittest
import xml.etree.ElementTree as ElementTree


class Report(unittest.TextTestResult):
  """Remembers every case and what went wrong in it."""

  def __init__(self, *args):
    super().__init__(*args)
    self.cases = {}

  def startTest(self, test):
    super().startTest(test)
    self.cases[test] = []

  def addFailure(self, test, err):
    super().addFailure(test, err)
    self.cases[test].append(self.failures[-1][1])

  def addError(self, test, err):
    super().addError(test, err)
    self.cases.setdefault(test, []).append(self.errors[-1][1])

  def addSubTest(self, test, subtest, err):
    super().addSubTest(test, subtest, err)
    if err is not None:
      self.cases[test].append(f"{subtest}: {err[1]}")

  def write_xml(self, path):
    """Writes a test.xml as Bazel expects it."""
    suite = ElementTree.Element("testsuite")
    for test, problems in self.cases.items():
      owner, _, name = test.id().rpartition(".")
      case = ElementTree.SubElement(suite, "testcase", classname=owner,
                                    name=name)
      for problem in problems:
        ElementTree.SubElement(case, "failure", message=problem)
    ElementTree.ElementTree(suite).write(path, encoding="utf-8")


def main(path):
  sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
  name = os.path.splitext(os.path.basename(path))[0]
  spec = importlib.util.spec_from_file_location(name, path)
  module = importlib.util.module_from_spec(spec)
  sys.modules[name] = module
  spec.loader.exec_module(module)
  tests = unittest.defaultTestLoader.loadTestsFromModule(module)
  report = unittest.TextTestRunner(resultclass=Report, verbosity=2).run(tests)
  if "XML_OUTPUT_FILE" in os.environ:
    report.write_xml(os.environ["XML_OUTPUT_FILE"])
  return 0 if report.wasSuccessful() and report.testsRun else 1


if __name__ == "__main__":
  sys.exit(main(sys.argv[1]))
