// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

int answer_1(void) { return 1; }
__asm__(".symver answer_1, answer@V1");
int answer_2(void) { return 2; }
__asm__(".symver answer_2, answer@@V2");

int only_old(void) { return 10; }
int only_new(void) { return 20; }

// Has no default version: nothing that is linked today can refer to it.
int gone_1(void) { return 100; }
__asm__(".symver gone_1, gone@V1");
