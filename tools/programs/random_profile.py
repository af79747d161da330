# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Profiles of samples at random places of the code of ELF files."""

import os
import random
import struct

_FOLDERS = ("/usr/bin", "/usr/lib/x86_64-linux-gnu", "/usr/lib/llvm-14/lib",
            "/usr/lib/gcc/x86_64-linux-gnu/12")
_NT_GNU_BUILD_ID = 3
_SHT_NOTE, _SHF_EXECINSTR = 7, 4


def _sections(data):
  """(type, flags, address, offset, size) of each section of an ELF64 file."""
  table, = struct.unpack_from("<Q", data, 40)
  size, count = struct.unpack_from("<HH", data, 58)
  for i in range(count):
    yield struct.unpack_from("<4xIQQQQ", data, table + i * size)


def _build_id(data, offset, size):
  """That of a section of notes; empty if it has none."""
  end = offset + size
  while offset + 12 <= end:
    name, length, kind = struct.unpack_from("<III", data, offset)
    begin = offset + 12 + (name + 3 & ~3)
    if kind == _NT_GNU_BUILD_ID and data[offset + 12:offset + 15] == b"GNU":
      return data[begin:begin + length].hex()
    offset = begin + (length + 3 & ~3)
  return ""


def _code(path):
  """(build-id, [(address, size)]) of a file's code."""
  with open(path, "rb") as file:
    data = file.read()
  if data[:6] != b"\x7fELF\x02\x01" or len(data) < 64:
    return "", []
  build_id, code = "", []
  for kind, flags, address, offset, size in _sections(data):
    if kind == _SHT_NOTE:
      build_id = _build_id(data, offset, size) or build_id
    elif flags & _SHF_EXECINSTR and size:
      code.append((address, size))
  return build_id, code


def write(path, seed, every=8192, folders=_FOLDERS):
  """Writes a pre-aggregated profile with a sample in `every` bytes of code."""
  chance = random.Random(seed)
  seen = set()
  with open(path, "w", encoding="ascii") as out:
    for folder in folders:
      for name in sorted(os.listdir(folder)):
        file = os.path.join(folder, name)
        if not os.path.isfile(file) or os.path.islink(file):
          continue
        try:
          build_id, code = _code(file)
        except (OSError, struct.error):
          continue
        if not build_id or build_id in seen:
          continue
        seen.add(build_id)
        for address, size in code:
          for _ in range(min(size, 16 + size // every)):
            place = address + chance.randrange(size)
            out.write(f"S {build_id}:{place:x} {chance.randrange(1, 100)}\n")
