// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// An ifunc whose resolver asks another library, which has ifuncs of its own.
int choose(void);

static int first(void) { return 11; }
static int second(void) { return 22; }
static int (*resolve(void))(void) { return choose() == 1 ? first : second; }
static int chosen_function(void) __attribute__((ifunc("resolve")));

int chosen(void) { return chosen_function(); }
