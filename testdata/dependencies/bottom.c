// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

int bottom_value(void) { return 1; }

// Each copy of this library in a process counts for itself.
static int count;
int bottom_count(void) { return ++count; }
