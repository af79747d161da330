// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// A variable of an inline function is STB_GNU_UNIQUE: one in the process.
inline int& Shared() {
  static int shared = 0;
  return shared;
}

extern "C" int* unique_address() { return &Shared(); }
