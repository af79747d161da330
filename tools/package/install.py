# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""usage: install.py [--built=FOLDER] [--destdir=FOLDER] PREFIX

Copies what is built to where it is installed. Run from the top of the tree, or of a
copy of it that has the files named here.
"""

import argparse
import glob
import os
import re
import subprocess
import sys
import tempfile

HEADER = "relink/capi/relink.h"
TEMPLATES = "tools/package"

# Where it is installed, and where it is built.
PROGRAMS = (
    ("bin/relink", "tools/relink/relink"),
    ("lib/librelink.so.{version}", "relink/capi/librelink.so"),
    ("lib/librelink_dl.so", "relink/dlfcn/librelink_dl.so"),
    ("lib/librelink_audit.so", "relink/run/librelink_audit.so"),
)
DATA = (("lib/librelink.a", "relink/capi/librelink.a"),)
LINKS = (
    ("lib/librelink.so.{major}", "librelink.so.{version}"),
    ("lib/librelink.so", "librelink.so.{major}"),
)
# Of the source tree.
SOURCES = (
    ("include/relink.h", HEADER),
    ("share/doc/relink/LICENSE", "LICENSE"),
)
CONFIGURED = (
    ("lib/pkgconfig/relink.pc", "relink.pc.in"),
    ("lib/pkgconfig/relink-static.pc", "relink-static.pc.in"),
    ("lib/cmake/relink/relinkConfig.cmake", "relinkConfig.cmake.in"),
    ("lib/cmake/relink/relinkConfigVersion.cmake",
     "relinkConfigVersion.cmake.in"),
)
# Debian packages whose archives are linked in.
LINKED = ("libabsl-dev", "libcapstone-dev", "libstdc++-12-dev", "libzstd-dev",
          "zlib1g-dev")


def version():
  with open(HEADER, encoding="utf-8") as header:
    return re.search(r'#define RELINK_VERSION "([\d.]+)"', header.read()).group(1)


class Installation:
  """Files below DESTDIR and PREFIX; each is replaced at once or not at all."""

  def __init__(self, prefix, destdir=""):
    self._top = destdir + prefix if destdir else prefix
    number = version()
    self._words = {"version": number, "major": number.split(".")[0]}

  def _place(self, path):
    place = os.path.join(self._top, path.format(**self._words))
    os.makedirs(os.path.dirname(place), exist_ok=True)
    print(place)
    return place

  def write(self, path, contents, mode):
    place = self._place(path)
    with tempfile.NamedTemporaryFile(dir=os.path.dirname(place),
                                     delete=False) as file:
      try:
        file.write(contents)
        os.fchmod(file.fileno(), mode)
        os.rename(file.name, place)
      except BaseException:
        os.unlink(file.name)
        raise

  def copy(self, path, source, mode):
    with open(source, "rb") as file:
      self.write(path, file.read(), mode)

  def copy_stripped(self, path, source):
    """Without what only debuggers read."""
    with tempfile.TemporaryDirectory() as folder:
      stripped = os.path.join(folder, "stripped")
      subprocess.run(["strip", "--strip-debug", "-o", stripped, source],
                     check=True)
      self.copy(path, stripped, 0o755)

  def link(self, path, target):
    place = self._place(path)
    new = place + ".new"
    if os.path.lexists(new):
      os.unlink(new)
    os.symlink(target.format(**self._words), new)
    os.rename(new, place)

  def configure(self, path, template):
    with open(os.path.join(TEMPLATES, template), encoding="utf-8") as file:
      text = file.read()
    for word, value in self._words.items():
      text = text.replace(f"@{word}@", value)
    self.write(path, text.encode(), 0o644)


def install(built, prefix, destdir=""):
  """All of it. OSError: what cannot be read or written."""
  to = Installation(prefix, destdir)
  for path, source in PROGRAMS:
    to.copy_stripped(path, os.path.join(built, source))
  for path, source in DATA:
    to.copy(path, os.path.join(built, source), 0o644)
  for path, target in LINKS:
    to.link(path, target)
  for path, source in SOURCES:
    to.copy(path, source, 0o644)
  for path, template in CONFIGURED:
    to.configure(path, template)
  for package in LINKED:
    for source in glob.glob(f"/usr/share/doc/{package}/copyright"):
      to.copy(f"share/doc/relink/third_party/{package}", source, 0o644)


def main():
  parser = argparse.ArgumentParser(usage=__doc__.splitlines()[0][len("usage: "):])
  parser.add_argument("--built", default="bazel-bin")
  parser.add_argument("--destdir", default="")
  parser.add_argument("prefix")
  arguments = parser.parse_args()
  try:
    install(arguments.built, arguments.prefix, arguments.destdir)
  except OSError as error:
    sys.exit(f"tools/install: {error.filename}: {error.strerror}")
  except subprocess.CalledProcessError as error:
    sys.exit(f"tools/install: {error.cmd[0]} failed on {error.cmd[-1]}")


if __name__ == "__main__":
  main()
