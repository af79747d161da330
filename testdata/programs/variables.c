// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

int library_variable = 42;
int* library_pointer = &library_variable;  // Relocated.

int* library_variable_address(void) { return &library_variable; }
int library_add(int a, int b) { return a + b; }
int (*library_function_of_library(void))(int, int) { return library_add; }
