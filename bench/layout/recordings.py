# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Recordings by perf: profiles for Relink and BOLT, and pages that run."""

import collections
import os
import subprocess

from measure import RunError

_PAGE_BITS = 12
_LINE_BITS = 6
_KERNEL = 1 << 63


def call(command, folder=None):
  """What `command` printed; RunError if it fails."""
  result = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, errors="replace",
                          check=False)
  if result.returncode:
    raise RunError(f"{' '.join(command)}: {result.stderr[-1000:]}")
  return result.stdout


def record(command, output, folder, stacks, frequency=5000):
  """Has perf write what ran to `output`."""
  call(["perf", "record", "-q", "-e", "cpu-clock", "-F", str(frequency),
        *(["-g"] if stacks else []), "-o", output, "--", *command], folder)


def make_profile(relink, command, output, folder, runs=2):
  """Writes a profile of Relink of that many runs."""
  data = []
  for turn in range(runs):
    data.append(f"{output}.{turn}.data")
    record(command, data[-1], folder, stacks=True)
  call([relink, "profile", "merge", *data, "-o", output])
  for path in data:
    os.remove(path)


def count_pages(addresses, part=0.99):
  """(samples, pages that have any, least pages that have `part` of them, pages that
  would be enough if cache lines without any were elsewhere) of the addresses outside
  of the kernel."""
  addresses = [address for address in addresses if address < _KERNEL]
  lines = len({address >> _LINE_BITS for address in addresses})
  pages = collections.Counter(address >> _PAGE_BITS for address in addresses)
  samples = sum(pages.values())
  covered = needed = 0
  for _, count in pages.most_common():
    if covered >= part * samples:
      break
    covered += count
    needed += 1
  return samples, len(pages), needed, -(-lines >> _PAGE_BITS - _LINE_BITS)


def pages_that_run(command, work, folder):
  """count_pages of one recorded run."""
  data = os.path.join(work, "pages.data")
  record(command, data, folder, stacks=False)
  text = call(["perf", "script", "-i", data, "-F", "ip"])
  os.remove(data)
  return count_pages(int(word, 16) for word in text.split())
