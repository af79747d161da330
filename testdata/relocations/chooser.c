// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

static int first(void) { return 1; }
static int (*resolve(void))(void) { return first; }
int choice(void) __attribute__((ifunc("resolve")));

// Calls an ifunc of its own library.
int choose(void) { return choice(); }
