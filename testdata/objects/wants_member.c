// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

int needed_member_with_a_long_name(void);
int not_asked_for(void) __attribute__((weak));

int ask(void) {
  return needed_member_with_a_long_name() + (not_asked_for != 0);
}
