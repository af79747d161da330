// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Exceptions that pass through calls of functions bound when they are called.

#include <stdexcept>

extern "C" {
void host_throw(int value);

int destroyed = 0;

int catch_from_host(int value) {
  try {
    host_throw(value);
  } catch (const std::runtime_error& error) {
    return value;
  }
  return -1;
}

void let_pass(int value) {
  struct Guard {
    ~Guard() { ++destroyed; }
  } guard;
  host_throw(value);
}
}
