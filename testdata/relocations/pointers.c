// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Many words that only need the load bias: RELATIVE or RELR.
#define FOUR(x) x, x + 1, x + 2, x + 3
#define SIXTEEN(x) FOUR(x), FOUR(x + 4), FOUR(x + 8), FOUR(x + 12)
#define FEW_HUNDRED(x)                                                    \
  SIXTEEN(x), SIXTEEN(x), SIXTEEN(x), SIXTEEN(x), SIXTEEN(x), SIXTEEN(x), \
      SIXTEEN(x), SIXTEEN(x), SIXTEEN(x), SIXTEEN(x), SIXTEEN(x), SIXTEEN(x)

static int objects[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

int* dense[] = {FEW_HUNDRED(objects)};
struct {
  int* pointer;
  long gap[100];
} sparse[] = {{objects, {}}, {objects + 5, {}}, {objects + 15, {}}};

// 12 * (0 + ... + 15) + 0 + 5 + 15
int sum_of_pointed(void) {
  int sum = 0;
  for (unsigned i = 0; i < sizeof(dense) / sizeof(*dense); ++i)
    sum += *dense[i];
  for (unsigned i = 0; i < 3; ++i) sum += *sparse[i].pointer;
  return sum;
}
