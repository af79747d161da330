// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "shared.h"

int defined_by_second();

extern "C" int count_in_first() { return ++Counter(); }
extern "C" int add_in_first() { return Add(1, 2) + defined_by_second(); }
extern "C" void* counter_of_first() { return &Counter(); }
extern "C" const char* string_of_first() { return "the same string"; }
extern "C" const char* other_string_of_first() { return "of the first alone"; }
