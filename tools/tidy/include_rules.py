# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Rules about what includes what. Each yields "path:line: what is wrong"."""

import os
import re

from source_tree import absolute_label, package_of

# A folder may include those on the lines before its own, and itself. What stands
# on one line does not know of each other.
LAYERS = (
    ("relink/support",),
    ("relink/elf",),
    ("relink/arch", "relink/map", "relink/pass"),
    ("relink/ir",),
    ("relink/scan", "relink/layout"),
    ("relink/stage",),
    ("relink/reloc",),
    ("profiles",),
    ("passes",),
    ("relink/runtime", "relink/plugin"),
    ("relink/link",),
    ("relink/capi", "relink/dlfcn", "relink/run"),
    ("relink/emit",),
    ("tools", "bench", "examples"),
)
# Where fixtures are. Only tests and benchmarks ask.
FIXTURES = "testdata"

# What a kernel or a boot loader can take: no heap, no I/O, no exceptions, no
# Abseil. Folders' own lists are their filegroups of this name.
FREESTANDING_GROUP = "freestanding_sources"
FREESTANDING_TARGETS = ("//relink/reloc:apply", "//relink/reloc:relocatable_image")
FREESTANDING_FOLDERS = ("relink/arch",)
HOSTED = re.compile(
    r"#include <(deque|exception|filesystem|fstream|functional|future|iostream|"
    r"istream|list|map|memory|memory_resource|mutex|ostream|queue|regex|set|"
    r"sstream|stdexcept|stdio\.h|cstdio|stdlib\.h|cstdlib|string|thread|"
    r"unordered_map|unordered_set|vector)>")

# Their sources are compiled by scripts, if at all.
UNCOMPILED_RULES = ("exports_files", "filegroup", "genrule", "program",
                    "sh_test", "shared_object")

INCLUDE = re.compile(r'^#include "([^"]+)"')
# Where the headers of other projects come from.
EXTERNAL = {
    "benchmark": "@com_github_google_benchmark//",
    "capstone": "@capstone//",
    "gmock": "@com_google_googletest//",
    "gtest": "@com_google_googletest//",
}
ABSEIL_FACADE = "tools/bazel/com_google_absl/"


def includes(text):
  """(line, path) of every include in quotes."""
  for number, line in enumerate(text.splitlines(), 1):
    match = INCLUDE.match(line)
    if match:
      yield number, match.group(1)


def sources(target, *attributes):
  """Paths of the files that `target` names itself."""
  package = package_of(target.label)
  for attribute in attributes:
    for source in target.attributes.get(attribute, []):
      if not source.startswith("//") and not source.startswith("@"):
        yield os.path.join(package, source.removeprefix(":"))


def layer_of(path):
  """(height, folder) in LAYERS, or None."""
  for height, folders in enumerate(LAYERS):
    for folder in folders:
      if path.startswith(folder + "/"):
        return height, folder
  return None


def layers(tree):
  """Includes go down."""
  for path, text in tree.select("*.h", "*.cc"):
    own = layer_of(path)
    for number, included in includes(text):
      if included.startswith(FIXTURES + "/"):
        if own and not re.search(r"_(test|fuzzer|benchmark)\.cc$", path) and (
            own[1] != "bench"):
          yield f"{path}:{number}: only tests use {FIXTURES}"
        continue
      other = layer_of(included)
      if own and other and own[1] != other[1] and own[0] <= other[0]:
        yield f"{path}:{number}: {own[1]} stands below {other[1]}, or beside it"


def freestanding(tree):
  """What is freestanding includes only what is."""
  files = {path for path in tree.texts
           if path.startswith(tuple(f"{folder}/" for folder in FREESTANDING_FOLDERS))
           and path.endswith((".h", ".cc")) and not path.endswith("_test.cc")}
  for target in tree.targets:
    if target.label.endswith(":" + FREESTANDING_GROUP):
      files.update(sources(target, "srcs"))
    elif target.label in FREESTANDING_TARGETS:
      files.update(sources(target, "srcs", "hdrs", "textual_hdrs"))
  for path in sorted(files & tree.texts.keys()):
    text = tree.texts[path]
    for number, included in includes(text):
      if included not in files:
        yield f"{path}:{number}: {included} is not freestanding"
    for number, line in enumerate(text.splitlines(), 1):
      if HOSTED.match(line):
        yield f"{path}:{number}: freestanding code has no {line.split()[1]}"


def abseil_label(included, labels):
  """The target that has an Abseil header, which is named for it or its folder."""
  folder, _, name = included.rpartition("/")
  stem = name.removesuffix(".h")
  for label in (f"{folder}:{stem}", f"{folder}:{os.path.basename(folder)}"):
    if f"//{ABSEIL_FACADE}{label}" in labels:
      return f"@com_google_absl//{label}"
  return None


class Providers:
  """Which targets a file may depend on to include a header."""

  def __init__(self, tree):
    self._labels = {target.label for target in tree.targets}
    self._headers = {}
    for target in tree.targets:
      for path in sources(target, "hdrs", "textual_hdrs"):
        self._headers.setdefault(path, []).append(target.label)
    self.exporting = {label for labels in self._headers.values()
                      for label in labels}

  def of(self, included):
    """Labels, or repositories; none if the header is no target's."""
    first = included.partition("/")[0]
    if first == "absl":
      return [label for label in [abseil_label(included, self._labels)] if label]
    if first in EXTERNAL:
      return [EXTERNAL[first]]
    return self._headers.get(included, [])


def dependencies(tree):
  """Targets depend on what their files include, and on nothing else."""
  providers = Providers(tree)
  for target in tree.targets:
    own = set(sources(target, "srcs", "hdrs", "textual_hdrs"))
    code = [path for path in sorted(own & tree.texts.keys())
            if path.endswith((".h", ".cc"))]
    if not code or target.rule in UNCOMPILED_RULES:
      continue
    package = package_of(target.label)
    deps = {absolute_label(package, dep)
            for dep in target.attributes.get("deps", [])}
    used = set()
    for path in code:
      for number, included in includes(tree.texts[path]):
        if included in own:
          continue
        having = providers.of(included)
        if package.startswith(ABSEIL_FACADE) and included.startswith("absl/"):
          continue  # It stands for all of Abseil.
        if not having:
          yield f"{path}:{number}: no target has {included}"
          continue
        found = {dep for dep in deps if dep in having or
                 dep.partition("//")[0] + "//" in having}
        used |= found
        if not found:
          yield f"{path}:{number}: {target.label} lacks {having[0]}"
    for dep in sorted(deps - used):
      if dep in providers.exporting or dep.startswith("@com_google_absl//"):
        yield f"{package}/BUILD:1: {target.label} does not use {dep}"


RULES = (layers, freestanding, dependencies)
