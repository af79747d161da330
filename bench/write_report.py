# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Writes what benchmark programs measured where it was asked for.

The results of a suite are FOLDER/SUITE.json, a list of rows, and FOLDER/SUITE.md,
a table.
"""

import argparse
import datetime
import json
import os
import platform
import re
import subprocess


def join_rows(paths):
  """The rows of several files, as the text of one."""
  rows = []
  for path in paths:
    with open(path, encoding="utf-8") as file:
      rows += json.load(file)
  lines = ",\n".join("  " + json.dumps(row) for row in rows)
  return f"[\n{lines}\n]\n"


def replace_table(text, suite, table):
  """`text` with `table` between the two marks of `suite`."""
  begin, end = f"<!-- table: {suite} -->\n", "<!-- end of table -->\n"
  pattern = re.escape(begin) + ".*?" + re.escape(end)
  replaced, count = re.subn(pattern, lambda _: f"{begin}{table}{end}", text,
                            flags=re.DOTALL)
  if count != 1:
    raise ValueError(f"{count} places for the table of suite {suite}, not one")
  return replaced


def describe_machine(command):
  """One sentence: when, on what, and how."""
  with open("/proc/cpuinfo", encoding="utf-8") as file:
    cpu = re.search(r"^model name\s*: (.*)$", file.read(), re.MULTILINE)
  compiler = subprocess.run([os.environ.get("CC", "gcc"), "--version"],
                            capture_output=True, check=True, text=True)
  libc = " ".join(platform.libc_ver())
  return (f"{datetime.date.today()}: {cpu[1] if cpu else platform.machine()}, "
          f"{os.cpu_count()} CPUs, Linux {platform.release()}, "
          f"{compiler.stdout.splitlines()[0]}, {libc}, by `{command}`.")


def main():
  parser = argparse.ArgumentParser()
  parser.add_argument("folder", metavar="FOLDER")
  parser.add_argument("suites", metavar="SUITE", nargs="+")
  parser.add_argument("--json", help="write all rows there")
  parser.add_argument("--docs", help="replace the tables there")
  parser.add_argument("--command", help="what measured")
  args = parser.parse_args()
  if args.json:
    text = join_rows(f"{args.folder}/{suite}.json" for suite in args.suites)
    with open(args.json, "w", encoding="utf-8") as file:
      file.write(text)
  if args.docs:
    with open(args.docs, encoding="utf-8") as file:
      text = file.read()
    machine = describe_machine(args.command)
    for suite in args.suites:
      with open(f"{args.folder}/{suite}.md", encoding="utf-8") as file:
        text = replace_table(text, suite, f"{machine}\n\n{file.read()}")
    with open(args.docs, "w", encoding="utf-8") as file:
      file.write(text)


if __name__ == "__main__":
  main()
