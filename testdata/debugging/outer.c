// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

int inner_add(int number, int (*callback)(int));

int outer_add(int number, int (*callback)(int)) {
  int total = inner_add(number + 1, callback);
  return total + 1;
}
