// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// What C code refers to, in as many ways as a compiler has for it.

#include <stdlib.h>
#include <string.h>

int common_counter;           // COMMON, with -fcommon.
static int zeros[64];         // .bss
int table[4] = {1, 2, 3, 4};  // .data
static const char* const names[] = {"zero", "one", "two"};  // Relocated.
extern int undefined_weak(void) __attribute__((weak));

static int twice(int x) { return 2 * x; }
static int thrice(int x) { return 3 * x; }
int (*const functions[])(int) = {twice, thrice};
// The address of a function of another module, which is an ifunc.
size_t (*length)(const char*) = strlen;

__attribute__((noinline)) int choose(int n) {
  switch (n) {
    case 0:
      return table[0];
    case 1:
      return table[1] * 10;
    case 2:
      return zeros[n] + 7;
    case 3:
      return (int)strlen(names[n - 1]);
    case 4:
      return functions[1](n);
    case 5:
      return common_counter;
    default:
      return -1;
  }
}

static int compare(const void* a, const void* b) {
  return *(const int*)a - *(const int*)b;
}

// Of the process: a function, and one that calls back.
int sorted_first(void) {
  int* values = malloc(4 * sizeof(int));
  if (values == NULL) return -1;
  memcpy(values, table, sizeof(table));
  values[3] = -9;
  qsort(values, 4, sizeof(int), compare);
  const int first = values[0];
  free(values);
  return first;
}

int same_pointers(void) {
  size_t (*volatile own)(const char*) = strlen;
  return length("abc") == 3 && own("abcd") == 4;
}

int weak_is_null(void) { return undefined_weak == 0; }

int run(void) {
  common_counter = 5;
  zeros[2] = 1;
  int sum = 0;
  for (int i = 0; i < 7; ++i) sum += choose(i);
  // 1 + 20 + 8 + 3 + 12 + 5 - 1 = 48
  if (sorted_first() != -9 || !same_pointers() || !weak_is_null()) return -1;
  return sum - 6;
}
