# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Runs hosts as they are and with librelink_dl.so; see tools/run_hosts."""

import argparse
import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile

import host_cases

sys.path.append(os.path.join(os.path.dirname(os.path.realpath(__file__)), "..",
                             "programs"))
import debian_sources  # pylint: disable=wrong-import-position

_TIME_LIMIT = 300
_BY_RELINK = re.compile(rb"^relink_dl: .*: by Relink in \d+ us$", re.M)
_BY_HOST = re.compile(rb"^relink_dl: (.*: by ld\.so: .*)$", re.M)


def run(script, library):
  """(exit code, output, errors, report) of a script, by `library` or None."""
  with (tempfile.TemporaryDirectory(prefix="relink-hosts-") as folder,
        tempfile.NamedTemporaryFile() as report):
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith(("RELINK_", "LD_"))}
    environment.update(LC_ALL="C.UTF-8", TZ="UTC", HOME=folder, TMPDIR=folder)
    if library is not None:
      environment.update(LD_PRELOAD=library, RELINK_DL_VERBOSE=report.name)
    try:
      done = subprocess.run(["/bin/bash", "-c", script], cwd=folder, check=False,
                            stdin=subprocess.DEVNULL, capture_output=True,
                            env=environment, timeout=_TIME_LIMIT)
    except subprocess.TimeoutExpired:
      return "timeout", b"", b"", b""
    plain = lambda text: text.replace(folder.encode(), b"FOLDER")
    return (done.returncode, plain(done.stdout), plain(done.stderr),
            report.read())


def first_difference(before, after):
  """The first line that is not the same, and how many are not."""
  pairs = list(itertools.zip_longest(before.splitlines(), after.splitlines()))
  other = [pair for pair in pairs if pair[0] != pair[1]]
  return f"{other[0][0]!r} became {other[0][1]!r} ({len(other)} lines)"


def compare(case, library):
  """(what differs, loads by Relink, reasons of the others, what it sums up)."""
  expected = run(case.script, None)
  found = run(case.script, library)
  by_relink = len(_BY_RELINK.findall(found[3]))
  by_host = [line.decode(errors="replace")
             for line in _BY_HOST.findall(found[3])]
  for name, before, after in zip(("exit code", "output", "errors"), expected,
                                 found):
    if before != after:
      text = (first_difference(before, after) if isinstance(before, bytes)
              else f"{before} became {after}")
      return f"{name}: {text}", by_relink, by_host, ""
  if by_relink < case.loads:
    return f"only {by_relink} libraries by Relink", by_relink, by_host, ""
  lines = found[1].decode(errors="replace").splitlines()
  summary = f": {lines[-1]}" if case.sums_up and lines else ""
  return "", by_relink, by_host, summary


def source_of(python):
  """The folder of its source package, None if that cannot be had."""
  cache = os.path.expanduser("~/.cache/relink-real-programs")
  try:
    return debian_sources.DebianSources(cache).unpack(
        host_cases.source_package(python))
  except debian_sources.SourceError as error:
    print(f"no source of {python}: {error}", file=sys.stderr)
    return None


def _is_there(need):
  return os.path.exists(need) or shutil.which(need) is not None


def main():
  """Exits with 1 if anything differs."""
  parser = argparse.ArgumentParser()
  parser.add_argument("--library", required=True)
  parser.add_argument("--only", default="")
  parser.add_argument("--python", default="/usr/bin/python3")
  arguments = parser.parse_args()
  passed, failed, loads, others = 0, 0, 0, 0
  source = source_of(arguments.python)
  for case in host_cases.cases(arguments.python, source):
    if not re.search(arguments.only, case.name):
      continue
    if not all(map(_is_there, case.needs)):
      print(f"{case.name}: skipped, needs {' '.join(case.needs)}", flush=True)
      continue
    reason, by_relink, by_host, summary = compare(case, arguments.library)
    loads += by_relink
    others += len(by_host)
    passed += not reason
    failed += bool(reason)
    print(f"{case.name}: {'FAILED: ' + reason if reason else 'same' + summary}; "
          f"{by_relink} loads by Relink, {len(by_host)} by ld.so", flush=True)
    for line in sorted(set(by_host)):
      print(f"  {line[:160]}")
  print(f"{loads} loads by Relink, {others} by ld.so")
  print(f"{passed} passed, {failed} failed")
  sys.exit(1 if failed else 0)


if __name__ == "__main__":
  main()
