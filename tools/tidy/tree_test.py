# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""The source tree keeps every rule of tidy.py."""

import functools
import os
import unittest

import source_tree
import tidy


@functools.lru_cache
def the_tree():
  # Runfiles are links to the files of the tree.
  return source_tree.SourceTree.at(
      os.path.dirname(os.path.realpath("WORKSPACE")))


class SourceTree(unittest.TestCase):

  def test_is_all_there(self):
    self.assertIn("relink/link/loader.h", the_tree().texts)
    self.assertIn("tools/tidy/tree_test.py", the_tree().texts)
    self.assertIn("//relink/link:loader",
                  [target.label for target in the_tree().targets])


def check(rule):
  def test(self):
    self.assertEqual([], list(rule(the_tree())), rule.__doc__)
  return test


for each in tidy.RULES:
  setattr(SourceTree, f"test_keeps_{each.__name__}", check(each))
