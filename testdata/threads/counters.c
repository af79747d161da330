// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef VISIBILITY
#define VISIBILITY static
#endif
#ifndef FIRST_VALUE
#define FIRST_VALUE 7
#endif

VISIBILITY __thread int counter = FIRST_VALUE;
VISIBILITY __thread int zero_at_first;
#ifdef HUGE
__thread char huge[HUGE];
#endif

int next(void) {
  ++zero_at_first;
  return ++counter;
}
int calls(void) { return zero_at_first; }
int* counter_address(void) { return &counter; }
int first_value(void) { return FIRST_VALUE; }
