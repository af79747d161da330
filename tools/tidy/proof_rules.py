# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Documents name targets, and cases of them, that exist."""

import re

from source_tree import package_of
from text_rules import numbered

# `//package:target`, and maybe a case: Suite.Case, test_case or benchmark/case.
PROOF = re.compile(r"`(//[\w/]*:[\w.]+)(?: ([\w./]+))?`")


def has_case(text, case):
  """Whether a test or benchmark of that name is in the source."""
  suite, dot, name = case.partition(".")
  if dot and re.search(rf"\bTEST(_[FP])?\(\s*{suite},\s*{name}\)", text):
    return True
  return f"def {case}(" in text or f'"{case}"' in text


def proofs(tree):
  """What documents name as a target is one, with that case."""
  targets = {target.label: target for target in tree.targets}
  for path, text in tree.select("*.md"):
    for number, line in numbered(text):
      for label, case in PROOF.findall(line):
        target = targets.get(label)
        if target is None:
          yield f"{path}:{number}: {label} is no target"
          continue
        sources = [tree.texts.get(f"{package_of(label)}/{source}", "")
                   for source in target.attributes.get("srcs", [])]
        if case and not any(has_case(source, case) for source in sources):
          yield f"{path}:{number}: {label} has no {case}"


RULES = (proofs,)
