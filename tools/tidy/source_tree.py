# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""The files of the source tree and the targets of its BUILD files."""

import ast
import builtins
import collections
import fnmatch
import functools
import os
import subprocess

# A target as its BUILD file declares it; `rule` is the function it calls.
Target = collections.namedtuple("Target", "label rule attributes")


class SourceTree:
  """Texts by path from the top; files that are not text are left out."""

  def __init__(self, texts):
    self.texts = texts

  @classmethod
  def at(cls, root):
    """What Git tracks or would track below `root`."""
    listed = subprocess.run(
        ["git", "-C", root, "-c", "safe.directory=*", "ls-files", "-z",
         "--cached", "--others", "--exclude-standard"],
        check=True, capture_output=True, encoding="utf-8").stdout
    texts = {}
    for path in sorted(set(listed.split("\0")) - {""}):
      full = os.path.join(root, path)
      if not os.path.isfile(full) or os.path.islink(full):
        continue
      with open(full, "rb") as file:
        data = file.read()
      if b"\0" not in data:
        texts[path] = data.decode("utf-8", "replace")
    return cls(texts)

  def select(self, *patterns):
    """(path, text) of the files whose name fits one of `patterns`."""
    for path, text in self.texts.items():
      name = os.path.basename(path)
      if any(fnmatch.fnmatch(name, pattern) for pattern in patterns):
        yield path, text

  @functools.cached_property
  def targets(self):
    """Every target of every BUILD file."""
    return [target for path, text in self.select("BUILD")
            for target in read_build_file(os.path.dirname(path), text)]


def read_build_file(package, text):
  """The targets that a BUILD file declares, whatever their rules."""
  targets = []

  def rule(kind):
    def declare(*_, **attributes):
      if "name" in attributes:
        label = f"//{package}:{attributes['name']}"
        targets.append(Target(label, kind, attributes))
    return declare

  tree = ast.parse(text)
  called = {node.func.id for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
  names = {name: rule(name) for name in called if not hasattr(builtins, name)}
  names["select"] = lambda choices: sum(choices.values(), [])
  names["glob"] = lambda *_, **__: []
  exec(compile(tree, f"{package}/BUILD", "exec"), names)  # pylint: disable=exec-used
  return targets


def absolute_label(package, label):
  """`label` as seen from `package`, as //package:name or @repository//..."""
  if label.startswith(":"):
    return f"//{package}{label}"
  if "//" in label and ":" not in label:
    return f"{label}:{label.rsplit('/', 1)[-1]}"
  return label


def package_of(label):
  return label[2:].partition(":")[0]
