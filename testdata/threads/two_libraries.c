// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

extern __thread int counter;

int next_of_other_library(void) { return ++counter; }
