# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""usage: clang_tidy.py [FILE...]

Runs clang-tidy on C++ files, by default on all but fixtures, two or more at a
time. A file that passed is not looked at again until it, a header that it
includes, or .clang-tidy changes. Exits with 1 if there are findings.
"""

import concurrent.futures
import hashlib
import os
import subprocess
import sys

import include_rules
import source_tree

FLAGS = ("-std=c++20", "-I.", "-Wall", "-Wextra", "-Wshadow", "-Wconversion",
         "-Wno-sign-conversion", "-Wold-style-cast")
# Fixtures are what they are; headers are looked at where they are included.
FIXTURES = ("testdata/", "bench/fixtures/")


def closure(tree, path):
  """`path` and the files of the tree that it includes, however deep."""
  found = set()
  waiting = [path]
  while waiting:
    each = waiting.pop()
    if each in found or each not in tree.texts:
      continue
    found.add(each)
    waiting += [name for _, name in include_rules.includes(tree.texts[each])]
  return found


def digest(tree, path):
  """Changes when what clang-tidy would say of `path` may have changed."""
  parts = [tree.texts[".clang-tidy"], " ".join(FLAGS)]
  for each in sorted(closure(tree, path)):
    parts += [each, tree.texts[each]]
  return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def findings(path):
  """What clang-tidy prints about `path`, empty if nothing."""
  done = subprocess.run(["clang-tidy", "--quiet", path, "--", *FLAGS],
                        capture_output=True, encoding="utf-8", check=False)
  return done.stdout or (done.stderr if done.returncode else "")


def passed_folder():
  cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
  folder = os.path.join(cache, "relink-lint")
  os.makedirs(folder, exist_ok=True)
  return folder


def main(arguments):
  tree = source_tree.SourceTree.at(".")
  paths = arguments or [path for path, _ in tree.select("*.cc")
                        if not path.startswith(FIXTURES)]
  folder = passed_folder()
  stamps = {path: os.path.join(folder, digest(tree, path)) for path in paths}
  waiting = [path for path in paths if not os.path.exists(stamps[path])]
  bad = 0
  with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    for number, (path, text) in enumerate(
        zip(waiting, pool.map(findings, waiting)), 1):
      if sys.stderr.isatty():
        print(f"\r\033[K[{number}/{len(waiting)}] {path}", end="",
              file=sys.stderr, flush=True)
      if text:
        bad += 1
        print("\n" + text.strip(), flush=True)
      else:
        open(stamps[path], "w", encoding="utf-8").close()
  if sys.stderr.isatty() and waiting:
    print(file=sys.stderr)
  print(f"clang-tidy: {len(paths)} files, {len(paths) - len(waiting)} of them "
        f"unchanged, {bad} with findings")
  return 1 if bad else 0


if __name__ == "__main__":
  sys.exit(main(sys.argv[1:]))
