// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Asks for symbols and libraries itself; needs the second.

#define _GNU_SOURCE
#include <dlfcn.h>

const char* which(void) { return "first"; }

// The program has one, too.
const char* interposed(void) { return "first"; }
const char* call_interposed(void) { return interposed(); }

// Kept from being tail calls, whose return address is the caller's.
const char* next_which(void) {
  const char* (*next)(void) = (const char* (*)(void))dlsym(RTLD_NEXT, "which");
  return next == 0 ? "none" : next();
}
void* find_next(const char* name) {
  void* volatile found = dlsym(RTLD_NEXT, name);
  return found;
}
void* find_default(const char* name) {
  void* volatile found = dlsym(RTLD_DEFAULT, name);
  return found;
}
void* find_in(void* handle, const char* name) {
  void* volatile found = dlsym(handle, name);
  return found;
}
void* open_library(const char* file, int mode) {
  void* volatile handle = dlopen(file, mode);
  return handle;
}
void* open_apart(const char* file, int mode) {
  void* volatile handle = dlmopen(LM_ID_NEWLM, file, mode);
  return handle;
}
// One that is, as far as the compiler likes.
void* open_last(const char* file, int mode) { return dlopen(file, mode); }
int close_library(void* handle) { return dlclose(handle); }
char* last_error(void) { return dlerror(); }
