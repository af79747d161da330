// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

static int count;

int counter_next(void) { return ++count; }
