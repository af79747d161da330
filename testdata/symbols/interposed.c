// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

int interposable(void) { return 1; }
int interposable_variable = 1;

int call_interposable(void) { return interposable(); }
int read_interposable(void) { return interposable_variable; }
int (*address_of_interposable(void))(void) { return interposable; }
