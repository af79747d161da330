// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

int of_another_member(void);
int needed_member_with_a_long_name(void) { return 1 + of_another_member(); }
