// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Data of all kinds that a library changes: each load must begin anew.

static int initialized = 5;
static int zero;
static int* const pointer = &initialized;

int next_count(void) { return 100 * ++*pointer + ++zero; }
