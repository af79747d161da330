#!/usr/bin/env python3
# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""usage: count_tests.py [--failed=0|1] EVENTS.json...

Counts the test cases of Bazel runs from their build event files and prints "N
passed, N failed" as the last line. Exits with 1 if any failed or none ran, or if
--failed=1 says that a run failed for another reason, which then counts as one.
"""

import json
import sys
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ElementTree


def read_events(path):
  """The events of a build event file, one JSON object a line."""
  with open(path, encoding="utf-8") as file:
    return [json.loads(line) for line in file if line.strip()]


def count_xml(text):
  """(passed, names of failed cases) of one test.xml."""
  passed, failed = 0, []
  for case in ElementTree.fromstring(text).iter("testcase"):
    bad = any(child.tag in ("failure", "error") for child in case)
    if bad:
      failed.append(f"{case.get('classname', '')}.{case.get('name', '')}")
    elif case.get("status") != "notrun" and case.get("result") != "suppressed":
      passed += 1
  return passed, failed


def last_attempts(events):
  """The last testResult event of each test and shard."""
  attempts = {}
  for event in events:
    result = event.get("id", {}).get("testResult")
    if result and "testResult" in event:
      key = (result["label"], result.get("shard", 0), result.get("run", 0))
      attempts[key] = event["testResult"]
  return attempts


def unbuilt_targets(events):
  """Labels of targets that were to be built and were not."""
  return sorted(
      event["id"]["targetCompleted"]["label"]
      for event in events
      if "targetCompleted" in event.get("id", {})
      and event.get("completed", {}).get("success") is not True
      and event.get("aborted", {}).get("reason") != "SKIPPED")


def count_events(events):
  """(passed, failed, lines that name each failure) of one run."""
  passed, lines = 0, []
  for (label, _, _), result in sorted(last_attempts(events).items()):
    cases, failures = 0, []
    for output in result.get("testActionOutput", []):
      if output.get("name") != "test.xml" or "uri" not in output:
        continue
      path = urllib.request.url2pathname(
          urllib.parse.urlparse(output["uri"]).path)
      try:
        with open(path, encoding="utf-8") as file:
          cases, failures = count_xml(file.read())
      except (OSError, ElementTree.ParseError):
        pass
    if result.get("status") not in ("PASSED", "FLAKY") and not failures:
      failures = [result.get("status", "no status")]
    passed += cases
    lines += [f"FAILED {label}: {failure}" for failure in failures]
  lines += [f"FAILED {label}: does not build" for label in unbuilt_targets(events)]
  return passed, len(lines), lines


def main(arguments):
  run_failed = "--failed=1" in arguments
  paths = [argument for argument in arguments if not argument.startswith("--")]
  passed = failed = 0
  for path in paths:
    more_passed, more_failed, lines = count_events(read_events(path))
    passed += more_passed
    failed += more_failed
    for line in lines:
      print(line)
  if run_failed and failed == 0:
    print("FAILED: the run itself; see above")
    failed = 1
  print(f"{passed} passed, {failed} failed")
  return 1 if failed or not passed else 0


if __name__ == "__main__":
  sys.exit(main(sys.argv[1:]))
