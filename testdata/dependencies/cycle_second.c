// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

int first_value(void);

int second_value(void) { return 1 + first_value(); }
