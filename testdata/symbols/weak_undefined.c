// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

int nobody_defines(void) __attribute__((weak));
extern int nobody_defines_variable __attribute__((weak));

int (*function_pointer)(void) = nobody_defines;

int function_is_null(void) {
  return nobody_defines == 0 && function_pointer == 0;
}
int variable_is_null(void) { return &nobody_defines_variable == 0; }
int call_if_there(void) { return nobody_defines ? nobody_defines() : 5; }
