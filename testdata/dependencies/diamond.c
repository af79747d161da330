// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

int left_count(void);
int right_count(void);

// 12 if both reached the same library, 11 if there are two of it.
int diamond_counts(void) {
  int left = left_count();
  return 10 * left + right_count();
}
