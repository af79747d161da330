// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <unistd.h>

int close_nothing(void) {
  errno = 0;
  return close(-1) == -1 ? errno : -1;
}
void set_errno(int value) { errno = value; }
int* errno_address(void) { return &errno; }
