// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#define PASTE(a, b) a##b
#define EXPAND(a, b) PASTE(a, b)

int which(void) { return VALUE; }
int EXPAND(NAME, _calls_which)(void) { return which(); }
