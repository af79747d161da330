// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <stdlib.h>

__attribute__((constructor)) static void initialize(void) { abort(); }
__attribute__((destructor)) static void finalize(void) { abort(); }

int harmless(void) { return 1; }
