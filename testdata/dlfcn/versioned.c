// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

__asm__(".symver old_value, value@V1");
__asm__(".symver new_value, value@@V2");
int old_value(void) { return 1; }
int new_value(void) { return 2; }
