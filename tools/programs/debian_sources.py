# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Source packages of the Debian archive that this system is set up to use."""

import glob
import os
import re
import shutil
import subprocess


class SourceError(Exception):
  """A source package could not be had."""


def with_sources(name, text):
  """The same apt sources with source packages; `name` tells the format."""
  if name.endswith(".sources"):
    return re.sub(r"(?m)^Types:.*$", "Types: deb deb-src", text)
  binary = re.findall(r"(?m)^\s*deb\s.*$", text)
  return "".join(line.strip() + "\n" + re.sub(r"^deb\b", "deb-src", line.strip()) +
                 "\n" for line in binary)


def _run(command, **options):
  result = subprocess.run(command, capture_output=True, text=True, check=False,
                          **options)
  if result.returncode:
    raise SourceError(f"{' '.join(command[:1])}: {result.stderr.strip()}")
  return result.stdout


class DebianSources:
  """Fetches and unpacks source packages into a folder, once."""

  def __init__(self, folder, etc="/etc/apt"):
    self._folder = folder
    self._etc = etc
    self._updated = False

  def _apt(self, *arguments, program="apt-get", cwd=None):
    parts = os.path.join(self._folder, "apt", "parts")
    lists = os.path.join(self._folder, "apt", "lists")
    if not self._updated:
      self._updated = True
      shutil.rmtree(parts, ignore_errors=True)
      os.makedirs(parts)
      os.makedirs(os.path.join(lists, "partial"), exist_ok=True)
      for path in [os.path.join(self._etc, "sources.list"),
                   *glob.glob(os.path.join(self._etc, "sources.list.d", "*"))]:
        if path.endswith((".list", ".sources")) and os.path.exists(path):
          with open(path, encoding="utf-8") as file:
            text = with_sources(path, file.read())
          with open(os.path.join(parts, os.path.basename(path)), "w",
                    encoding="utf-8") as file:
            file.write(text)
      self._apt("update")
    return _run([program, "-q", "-o", "Dir::Etc::sourcelist=/dev/null",
                 "-o", f"Dir::Etc::sourceparts={parts}",
                 "-o", f"Dir::State::lists={lists}",
                 "-o", "APT::Sandbox::User=root", *arguments], cwd=cwd)

  def _download(self, package, folder):
    """The newest version that the archive has: lists may be ahead of it."""
    listed = self._apt("madison", package, program="apt-cache")
    versions = [fields[1].strip() for fields in
                (line.split("|") for line in listed.splitlines())
                if fields[-1].endswith("Sources")] or [None]
    for version in versions:
      try:
        name = package if version is None else f"{package}={version}"
        self._apt("source", "--download-only", name, cwd=folder)
        return
      except SourceError as error:
        failure = error
    raise failure

  def unpack(self, package):
    """The folder of the patched sources of `package`."""
    tree = os.path.join(self._folder, "sources", package)
    if os.path.exists(tree):
      return tree
    downloads = os.path.join(self._folder, "downloads", package)
    found = glob.glob(os.path.join(downloads, "*.dsc"))
    if not found:
      os.makedirs(downloads, exist_ok=True)
      self._download(package, downloads)
      found = glob.glob(os.path.join(downloads, "*.dsc"))
    if not found:
      raise SourceError(f"{package}: no .dsc came")
    os.makedirs(os.path.dirname(tree), exist_ok=True)
    shutil.rmtree(tree + ".new", ignore_errors=True)
    _run(["dpkg-source", "--no-check", "-x", found[0], tree + ".new"])
    os.rename(tree + ".new", tree)
    return tree
