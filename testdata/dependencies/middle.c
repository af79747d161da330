// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

int bottom_value(void);

int middle_value(void) { return 10 + bottom_value(); }
