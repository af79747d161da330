// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "shared.h"

int defined_by_second() { return 40; }

extern "C" int count_in_second() { return ++Counter(); }
extern "C" int add_in_second() {
  try {
    return Add(-5, 2);
  } catch (int thrown) {
    return thrown;
  }
}
extern "C" void* counter_of_second() { return &Counter(); }
extern "C" const char* string_of_second() { return "the same string"; }
extern "C" const char* other_string_of_second() {
  return "of the second alone";
}
