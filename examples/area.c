// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Compiled to an object, and not linked.
int square(int side);  // Is in libshapes.a.

int area_of_squares(int count) {
  int sum = 0;
  for (int side = 1; side <= count; ++side) sum += square(side);
  return sum;
}
