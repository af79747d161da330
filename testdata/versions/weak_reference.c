// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

int answer(void) __attribute__((weak));

int call_answer(void) { return answer ? answer() : -1; }
