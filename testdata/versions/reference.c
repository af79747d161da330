// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

int answer(void);
#ifdef VERSION
#define STRING(x) #x
#define EXPAND(x) STRING(x)
__asm__(".symver answer, answer@" EXPAND(VERSION));
#endif

int call_answer(void) { return answer(); }
