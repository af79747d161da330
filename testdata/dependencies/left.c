// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

int bottom_count(void);

int left_count(void) { return bottom_count(); }
