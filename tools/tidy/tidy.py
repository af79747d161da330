#!/usr/bin/env python3
# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""usage: tidy.py [ROOT]

Checks the rules of the source tree that no compiler knows and prints what breaks
them. Exits with 1 if anything does.
"""

import os
import sys

import include_rules
import proof_rules
import source_tree
import text_rules

RULES = text_rules.RULES + include_rules.RULES + proof_rules.RULES


def main(arguments):
  if arguments and arguments[0] == "--help":
    print(__doc__)
    return 0
  root = arguments[0] if arguments else os.path.join(
      os.path.dirname(os.path.realpath(__file__)), "..", "..")
  tree = source_tree.SourceTree.at(root)
  findings = [finding for rule in RULES for finding in rule(tree)]
  print("\n".join(findings), end="\n" if findings else "")
  return 1 if findings else 0


if __name__ == "__main__":
  sys.exit(main(sys.argv[1:]))
