# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Rules about the text of single files. Each yields "path:line: what is wrong"."""

import os
import re

LICENCE = ("Part of Relink, under the LICENSE.",
           "SPDX-License-Identifier: Apache-2.0")
# Files in a language without comments, or in somebody else's format.
UNLICENSED = re.compile(
    r"(^|/)(LICENSE|\.gitignore|\.bazelignore|\.clang-format)$"
    r"|\.(md|json|golden|txt)$")

MAX_LINES = 500
# Lists of targets are longer, as there are tests beside everything.
MAX_BUILD_LINES = 1000
UNLIMITED = re.compile(r"(^|/)LICENSE$")

# Split, so that this file does not name them itself.
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")

FORBIDDEN = {
    r"\bstd::string_view\b": "use absl::string_view, which Debian's Abseil takes",
    r"^\s*#\s*pragma once": "use an include guard",
    r'#include <(absl|gtest|gmock|benchmark|capstone)/': "use quotes",
}
VAGUE_NAME = re.compile(r"(^|[/_])(utils?|common|misc|manager|helpers?)([_./]|$)")
# LLVM's terms for what they name.
ESTABLISHED_NAME = re.compile(r"/(analysis|pass)_manager(_test)?\.\w+$")


def numbered(text):
  return enumerate(text.split("\n"), 1)


def licence(tree):
  """Every file begins with the licence."""
  for path, text in tree.texts.items():
    if UNLICENSED.search(path):
      continue
    lines = text.splitlines()
    first = 1 if lines and lines[0].startswith("#!") else 0
    head = [line.lstrip("/#*;- ").rstrip(" */")
            for line in lines[first:first + 2]]
    if head != list(LICENCE):
      yield f"{path}:{first + 1}: does not begin with the two lines of the licence"


def length(tree):
  """No file is too long to be read."""
  for path, text in tree.texts.items():
    lines = text.count("\n")
    limit = MAX_BUILD_LINES if path.endswith("BUILD") else MAX_LINES
    if lines > limit and not UNLIMITED.search(path):
      yield f"{path}:{lines}: longer than {limit} lines"


def whitespace(tree):
  """No tabs, no blanks at line ends, one line end at the end."""
  for path, text in tree.texts.items():
    for number, line in numbered(text):
      if "\t" in line:
        yield f"{path}:{number}: tab"
      if line != line.rstrip():
        yield f"{path}:{number}: blank at the end of the line"
    if text and (not text.endswith("\n") or text.endswith("\n\n")):
      yield f"{path}:{text.count(chr(10))}: does not end with one line end"


def finished(tree):
  """What is not done is not in the code."""
  for path, text in tree.texts.items():
    for number, line in numbered(text):
      if UNFINISHED.search(line):
        yield f"{path}:{number}: unfinished work"


def include_guards(tree):
  """RELINK_MAP_FIND_GAP_H_ guards relink/map/find_gap.h."""
  for path, text in tree.select("*.h"):
    inside = path.removeprefix("relink/")
    guard = "RELINK_" + re.sub(r"\W", "_", inside).upper() + "_"
    expected = f"#ifndef {guard}\n#define {guard}\n"
    if expected not in text or not text.endswith(f"#endif  // {guard}\n"):
      yield f"{path}:4: include guard is not {guard}"


def forbidden(tree):
  """Words that have a better replacement, and names that say nothing."""
  for path, text in tree.select("*.h", "*.cc"):
    for number, line in numbered(text):
      for pattern, advice in FORBIDDEN.items():
        if re.search(pattern, line):
          yield f"{path}:{number}: {advice}"
  for path in tree.texts:
    if VAGUE_NAME.search(path) and not ESTABLISHED_NAME.search(path):
      yield f"{path}:1: name says nothing about the contents"


def status_macros(tree):
  """status_macros.h defines short macro names, so no header includes it."""
  for path, text in tree.select("*.h"):
    for number, line in numbered(text):
      if '#include "relink/support/status_macros.h"' in line:
        yield f"{path}:{number}: headers do not include status_macros.h"


def links(tree):
  """Links of documents lead to files of the tree."""
  folders = {os.path.dirname(path) for path in tree.texts}
  for path, text in tree.select("*.md"):
    in_code = False
    for number, line in numbered(text):
      if line.startswith("```"):
        in_code = not in_code
      if in_code:
        continue
      for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", line):
        if "://" in link:
          continue
        target = os.path.normpath(os.path.join(os.path.dirname(path), link))
        if target not in tree.texts and target not in folders:
          yield f"{path}:{number}: {link} does not exist"


RULES = (licence, length, whitespace, finished, include_guards, forbidden,
         status_macros, links)
