// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

extern int absent_function(int);
extern int absent_variable;
extern int* absent_pointer;
extern int absent_weakly(void) __attribute__((weak));

static int* const address = &absent_variable;

int call_all(void) {
  return absent_function(1) + absent_function(2) + *address + *absent_pointer;
}
int weak_is_null(void) { return absent_weakly == 0; }
