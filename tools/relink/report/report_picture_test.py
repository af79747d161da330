# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""The page of `relink report` in a browser."""

import json
import os
import re
import shutil
import struct
import subprocess
import tempfile
import unittest
import zlib

RELINK = os.path.realpath(os.environ.get("RELINK", "tools/relink/relink"))
LIBRARY = "/usr/lib/x86_64-linux-gnu/libsqlite3.so.0"
PASSES = "split-functions,weights<set=[sqlite3_step=60,sqlite3_exec=40]>,pack-hot"
SIZE = (1200, 900)


def colours(png):
  """Width, height and the different colours of a PNG of 8 bits a channel."""
  if png[:8] != b"\x89PNG\r\n\x1a\n":
    raise ValueError("is no PNG")
  at, data = 8, b""
  while at < len(png):
    length, kind = struct.unpack(">I4s", png[at:at + 8])
    body = png[at + 8:at + 8 + length]
    if kind == b"IHDR":
      width, height, depth, colour = struct.unpack(">IIBB", body[:10])
    elif kind == b"IDAT":
      data += body
    at += length + 12
  channels = {2: 3, 6: 4}[colour]
  if depth != 8:
    raise ValueError(f"has {depth} bits a channel")
  raw = zlib.decompress(data)
  stride = width * channels
  found, above = set(), bytearray(stride)
  for y in range(height):
    kind, *row = raw[y * (stride + 1):(y + 1) * (stride + 1)]
    for i in range(stride):  # PNG, section 9, "Filtering".
      left = row[i - channels] if i >= channels else 0
      corner = above[i - channels] if i >= channels else 0
      up = above[i]
      if kind == 1:
        row[i] = (row[i] + left) & 255
      elif kind == 2:
        row[i] = (row[i] + up) & 255
      elif kind == 3:
        row[i] = (row[i] + (left + up) // 2) & 255
      elif kind == 4:
        paeth = min((left, up, corner),
                    key=lambda value: abs(left + up - corner - value))
        row[i] = (row[i] + paeth) & 255
    above = row
    found.update(zip(*(row[c::channels] for c in range(3))))
  return width, height, found


class Picture(unittest.TestCase):

  @classmethod
  def setUpClass(cls):
    cls.browser = shutil.which("chromium")
    if cls.browser is None:
      raise AssertionError("there is no chromium; tools/setup installs it")
    cls.folder = tempfile.TemporaryDirectory()
    cls.addClassCleanup(cls.folder.cleanup)
    cls.page = os.path.join(cls.folder.name, "report.html")
    printed = subprocess.run(
        [RELINK, "report", LIBRARY, f"--passes={PASSES}", "-o", cls.page,
         "--json"], check=True, stdout=subprocess.PIPE)
    cls.numbers = json.loads(printed.stdout)

  def show(self, *arguments):
    """What the browser prints; it has no home but the test's own folder."""
    home = {"HOME": self.folder.name, "XDG_CONFIG_HOME": self.folder.name,
            "XDG_CACHE_HOME": self.folder.name}
    done = subprocess.run(
        [self.browser, "--headless", "--no-sandbox", "--disable-gpu",
         "--hide-scrollbars", f"--user-data-dir={self.folder.name}/browser",
         *arguments, f"file://{self.page}"],
        env={**os.environ, **home}, check=False, capture_output=True,
        timeout=240)
    self.assertEqual(done.returncode, 0, done.stderr.decode(errors="replace"))
    return done.stdout.decode()

  def test_is_drawn_in_colours(self):
    picture = os.path.join(self.folder.name, "page.png")
    self.show(f"--screenshot={picture}", "--window-size=%d,%d" % SIZE)
    with open(picture, "rb") as file:
      width, height, found = colours(file.read())
    self.assertEqual((width, height), SIZE)
    self.assertGreater(len(found), 50)

  def test_has_its_numbers_once_scripts_have_run(self):
    text = self.show("--dump-dom")
    for name in ("pages", "huge_pages", "cache_lines", "bytes"):
      for part in ("before", "after"):
        found = re.search(f'id="metric-{name}".*?class="{part}" '
                          'value="([0-9]+)"', text)
        self.assertEqual(int(found.group(1)), self.numbers[part][name])
    # The script made it.
    self.assertIn('<input type="search"', text)
    self.assertIn("sqlite3_step</td>", text)


if __name__ == "__main__":
  unittest.main()
