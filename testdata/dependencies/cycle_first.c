// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

int second_value(void);

int first_value(void) { return 1; }
int first_through_second(void) { return 10 * second_value(); }
