// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Functions that run as the module is loaded and unloaded, in the order that
// they note.

#include <stdlib.h>

static char ran[16];
static int count;
static char* last;  // Where the end is noted.

static void note(char c) {
  ran[count++] = c;
  if (last != 0) *last++ = c;
}

__attribute__((constructor(300))) static void third(void) { note('3'); }
__attribute__((constructor)) static void fourth(void) { note('4'); }
__attribute__((constructor(200))) static void second(void) { note('2'); }
__attribute__((destructor)) static void down_second(void) { note('b'); }
__attribute__((destructor(200))) static void down_third(void) { note('c'); }

static void first(void) { note('1'); }
static void old(void) { note('5'); }
static void older(void) { note('6'); }
// Those of .ctors run from the last to the first.
__attribute__((section(".ctors"), used)) static void (*const ctors[])(void) = {
    older, old};
__attribute__((section(".ctors.65434"),
               used)) static void (*const early[])(void) = {first};

static void at_exit(void) { note('z'); }

const char* what_ran(void) { return ran; }
void note_end_in(char* where) {
  last = where;
  atexit(at_exit);
}

// Between __start_NAME and __stop_NAME lies what has that section.
#define ENTRY(name, value) \
  __attribute__((section("entries"), used)) static int name = value
ENTRY(one, 1);
ENTRY(two, 20);
extern int __start_entries[], __stop_entries[];
int sum_of_entries(void) {
  int sum = 0;
  for (int* entry = __start_entries; entry != __stop_entries; ++entry) {
    sum += *entry;
  }
  return sum;
}

// An ifunc of the object's own.
static int forty(void) { return 40; }
static int (*choose(void))(void) { return forty; }
int chosen(void) __attribute__((ifunc("choose")));
int call_chosen(void) { return chosen() + 1; }
int (*pointer_to_chosen)(void) = chosen;
int call_pointer(void) { return pointer_to_chosen() + 2; }
