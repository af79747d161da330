// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

int inner_total = 7;

static int inner_step(int number) {
  int doubled = number * 2;
  inner_total += doubled;  // Stop here.
  return inner_total;
}

int inner_add(int number, int (*callback)(int)) {
  int total = inner_step(number);
  if (callback != 0) total += callback(total);
  return total;
}

// Takes a while.
int inner_spin(int number, int (*callback)(int)) {
  volatile unsigned steps = 100000000;
  while (steps != 0) --steps;
  return callback(number);
}
