// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <stdio.h>

int finalized_there(void) { return 1; }
__attribute__((destructor)) static void End(void) { puts("finalized"); }
