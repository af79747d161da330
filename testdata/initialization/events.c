// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#define PASTE(a, b) a##b
#define EXPAND(a, b) PASTE(a, b)
#define STRING(x) #x
#define TEXT(x) STRING(x)

// The test program's.
void record(const char* event);

__attribute__((constructor(200))) static void second(void) {
  record(TEXT(NAME) " second constructor");
}
__attribute__((constructor(150))) static void first(void) {
  record(TEXT(NAME) " first constructor");
}
__attribute__((destructor(200))) static void destroy_first(void) {
  record(TEXT(NAME) " first destructor");
}
__attribute__((destructor(150))) static void destroy_second(void) {
  record(TEXT(NAME) " second destructor");
}

// DT_INIT and DT_FINI, for those that are linked so.
void EXPAND(init_, NAME)(void) { record(TEXT(NAME) " init"); }
void EXPAND(fini_, NAME)(void) { record(TEXT(NAME) " fini"); }
