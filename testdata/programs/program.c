// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <stdio.h>

extern char** environ;
extern int library_variable;  // Copied into the executable.
extern int* library_pointer;  // Copied once the library is relocated.
int* library_variable_address(void);
int library_add(int a, int b);

static int initialized;
__attribute__((constructor)) static void initialize(void) { initialized = 1; }

int is_initialized(void) { return initialized; }
int call_library(int a, int b) { return library_add(a, b); }

char** program_environ(void) { return environ; }
FILE* program_stdout(void) { return stdout; }

int program_variable(void) { return library_variable; }
int program_pointed(void) { return library_pointer ? *library_pointer : -1; }
int library_uses_the_copy(void) {
  return library_variable_address() == &library_variable;
}
// The canonical address of a library's function, which is the PLT entry of an
// executable at a fixed address.
int (*library_function(void))(int, int) { return library_add; }

// The exit code if it is run as a program.
int main(void) {
  return is_initialized() && library_uses_the_copy() &&
                 call_library(40, 2) == 42
             ? program_variable()
             : 1;
}
