// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

int which(void);
int first_calls_which(void);
int second_calls_which(void);

// 111 if everybody calls the first library's.
int everybody_calls_which(void) {
  return 100 * which() + 10 * first_calls_which() + second_calls_which();
}
