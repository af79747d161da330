#!/usr/bin/env python3
# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Prints the folder of what a library's source package generates before it is compiled.

usage: made_source.py NAME, as in libraries.LIBRARIES. What it fetches and makes is kept where
tools/real_programs keeps it.
"""

import os
import sys

import libraries
from debian_sources import DebianSources, SourceError

CACHE = os.path.expanduser("~/.cache/relink-real-programs")


def made_source(name, cache):
  """The folder, made if it is not there."""
  package, _ = libraries.LIBRARIES[name]
  made = os.path.join(cache, "made", name)
  libraries.prepare(name, DebianSources(cache).unpack(package), made)
  return made


def main():
  try:
    print(made_source(sys.argv[1], CACHE))
  except (SourceError, libraries.BuildError) as error:
    sys.exit(f"made_source.py: {error}")


if __name__ == "__main__":
  main()
