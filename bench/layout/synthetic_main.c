// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// usage: synthetic ROUNDS
// Runs what write_synthetic.py wrote, so many times, and prints what came out.

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int64_t run_once(void);

int main(int argc, char** argv) {
  long rounds = argc > 1 ? atol(argv[1]) : 1000;
  int64_t sum = 0;
  while (rounds-- > 0) sum += run_once();
  printf("%" PRId64 "\n", sum);
}
