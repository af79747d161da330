# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""How far the layout of a program's code is from the best there could be.

  python3 -B bench/layout/best_layout.py -- COMMAND [ARGUMENT]...

runs a command in QEMU, which must be a program itself rather than start one, and
simulates a cache and a TLB over all blocks of code that it ran: as they lie, and as
they would lie if an order knew all of the run beforehand. Each block takes four bytes
of a temporary folder each time it runs: a second of a program some two GiB. Needs
qemu-user, a C and a C++ compiler.
"""

import argparse
import json
import os
import struct
import subprocess
import sys
import tempfile

_HERE = os.path.dirname(os.path.abspath(__file__))
_PT_LOAD, _PT_GNU_EH_FRAME, _PF_X = 1, 0x6474E550, 1
# Version, and how the three fields that follow are stored (LSB Core, "The .eh_frame_hdr
# section"): what all linkers write.
_HEADER = bytes([1, 0x1B, 0x03, 0x3B])


def function_begins(data):
  """Link addresses where functions begin, by .eh_frame_hdr, and where code ends."""
  if data[:6] != b"\x7fELF\x02\x01" or len(data) < 64:
    return []
  table, = struct.unpack_from("<Q", data, 32)
  count, = struct.unpack_from("<H", data, 56)
  begins = []
  for i in range(count):
    kind, flags, offset, address, _, _, size, _ = struct.unpack_from(
        "<IIQQQQQQ", data, table + 56 * i)
    if kind == _PT_LOAD and flags & _PF_X:
      begins.append(address + size)
    if kind == _PT_GNU_EH_FRAME and data[offset:offset + 4] == _HEADER:
      number, = struct.unpack_from("<I", data, offset + 8)
      begins += [address + struct.unpack_from("<i", data, offset + 12 + 8 * j)[0]
                 for j in range(number)]
  return begins


def _write_functions(folder):
  """Of all files that QEMU says it mapped."""
  with open(os.path.join(folder, "maps"), encoding="utf-8") as maps, open(
      os.path.join(folder, "functions"), "w", encoding="ascii") as out:
    for line in maps:
      words = line.split()
      if len(words) < 6 or words[2] != "00000000" or not os.path.isfile(words[5]):
        continue
      if os.path.basename(words[5]).startswith("qemu"):
        continue
      with open(words[5], "rb") as file:
        data = file.read()
      bias = int(words[0].partition("-")[0], 16)
      for begin in function_begins(data):
        out.write(f"{bias + begin:x}\n")


def table(rows):
  """Lines of text: misses in millions, and as a part of those of the first row."""
  first = rows[0]
  lines = [f"{first['instructions'] / 1e6:.0f} million instructions", "",
           f"{'layout':24} {'MiB':>6} {'lines':>8} {'':>6} {'pages':>8} {'':>6}"]
  for row in rows:
    lines.append(
        f"{row['layout']:24} {row['bytes'] / 2**20:6.1f}"
        + "".join(f" {row[key] / 1e6:8.2f} {row[key] / max(1, first[key]):6.3f}"
                  for key in ("line_misses", "page_misses")))
  return lines


def main():
  parser = argparse.ArgumentParser(description=__doc__,
                                   formatter_class=argparse.RawTextHelpFormatter)
  parser.add_argument("--json", action="store_true", help="print JSON lines")
  parser.add_argument("command", nargs="+")
  options = parser.parse_args()
  with tempfile.TemporaryDirectory(prefix="relink-best-") as folder:
    at = lambda name: os.path.join(folder, name)
    subprocess.run(["cc", "-O2", "-D_GNU_SOURCE", "-shared", "-fPIC", "-o",
                    at("trace.so"), os.path.join(_HERE, "block_trace.c")], check=True)
    subprocess.run(["c++", "-O2", "-std=c++20", "-o", at("simulate"),
                    os.path.join(_HERE, "simulate_layouts.cc")], check=True)
    result = subprocess.run(["qemu-x86_64", "-plugin", at("trace.so"),
                             *options.command], cwd=folder, check=False)
    if result.returncode != 0 or not os.path.exists(at("maps")):
      sys.exit(f"best_layout: the command ended with {result.returncode}")
    _write_functions(folder)
    output = subprocess.run([at("simulate")], cwd=folder, check=True,
                            capture_output=True, text=True).stdout
  rows = [json.loads(line) for line in output.splitlines()]
  for line in output.splitlines() if options.json else table(rows):
    print(line)


if __name__ == "__main__":
  main()
