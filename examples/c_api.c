// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Relink from C: a library that is loaded, called, and unloaded.

#include <relink.h>
#include <stdio.h>
#include <string.h>

// Tells of what happens to modules.
static void loaded(void* data, const char* module, uintptr_t base) {
  (void)base;
  printf("loaded %s\n", module);
  ++*(int*)data;
}

static int fail(relink_error* error) {
  fprintf(stderr, "%s\n", relink_error_message(error));
  relink_error_free(error);
  return 1;
}

int main(void) {
  printf("Relink %s\n", relink_version());
  int count = 0;
  const relink_hooks hooks = {
      .size = sizeof(hooks), .data = &count, .loaded = loaded};
  const relink_linker_options options = {.size = sizeof(options),
                                         .hooks = &hooks};
  relink_error* error;
  relink_linker* linker = relink_linker_create(&options, &error);
  if (linker == NULL) return fail(error);
  relink_library* zlib = relink_load(linker, NULL, "libz.so.1", NULL, &error);
  if (zlib == NULL) return fail(error);

  typedef const char* version_function(void);
  version_function* version = (version_function*)relink_library_find_function(
      zlib, "zlibVersion", NULL, &error);
  if (version == NULL) return fail(error);
  printf("zlib %s at %p\n", version(), (void*)relink_library_base(zlib));
  const int right = strncmp(version(), "1.", 2) == 0 && count == 1;

  relink_library_free(zlib);
  relink_linker_free(linker);
  return right ? 0 : 1;
}
