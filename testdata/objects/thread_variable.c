// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

__thread char first = 1;
__attribute__((aligned(64))) __thread int of_another_object = 1000;

int first_in_thread(void) { return first++; }
