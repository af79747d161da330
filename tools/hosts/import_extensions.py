# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Imports every C extension module that this Python ships; says how each went."""

import ctypes
import decimal
import hashlib
import importlib
import os
import sqlite3
import ssl
import sysconfig


def main():
  """Prints a line for each module, and what some of them compute."""
  folder = os.path.join(sysconfig.get_path("platstdlib"), "lib-dynload")
  for file in sorted(os.listdir(folder)):
    name = file.split(".")[0]
    try:
      importlib.import_module(name)
      print(name, "imported")
    except ImportError as error:
      print(name, error)
  print(ssl.OPENSSL_VERSION, hashlib.sha256(b"x").hexdigest(),
        decimal.Decimal(1) / 7)
  print(sqlite3.connect(":memory:").execute("select 6 * 7").fetchone())
  print(ctypes.CDLL(None).getpid() == os.getpid())
  try:
    ctypes.CDLL("libnone.so")
  except OSError as error:
    print(error)
  try:
    getattr(ctypes.CDLL("libz.so.1"), "no_such_function")
  except AttributeError as error:
    print(error)


if __name__ == "__main__":
  main()
