// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Contexts: who finds what, and host functions as a module.

#include "relink/capi/expect.h"

typedef int (*int_function)(void);

static relink_linker* linker;

static relink_library* load(relink_context* context, const char* path,
                            uint32_t flags) {
  const relink_load_options options = {.size = sizeof(options), .flags = flags};
  relink_error* error;
  relink_library* library =
      relink_load(linker, context, path, &options, &error);
  EXPECT_OK(error);
  return library;
}

static int call(const relink_library* library, const char* name) {
  const int_function function =
      (int_function)relink_library_find_function(library, name, NULL, NULL);
  EXPECT(function != NULL);
  return function == NULL ? -1 : function();
}

static int host_twice(int value) { return 2 * value; }
static int host_thrice(int value) { return 3 * value; }
static int host_value = 20;
static int* host_pointer = &host_value;

// What a library makes of what only the host has.
static int call_with(int (*function)(int), relink_reach reach) {
  relink_context* context = relink_context_create(0, NULL);
  const relink_host_symbol host[] = {
      {.name = "absent_function", .function = (relink_function)function},
      {.name = "absent_variable",
       .object = &host_value,
       .object_size = sizeof(host_value)},
      {.name = "absent_pointer",
       .object = &host_pointer,
       .object_size = sizeof(host_pointer)},
  };
  relink_error* error;
  EXPECT(relink_context_add(context, "libhost.so", host, 3, reach, &error));
  EXPECT_OK(error);
  EXPECT(!relink_context_add(context, "libhost.so", host, 3, reach, &error));
  EXPECT_ERROR(error, RELINK_ALREADY_EXISTS, "libhost.so");
  relink_library* library =
      load(context, "testdata/dependencies/libmissing_symbols.so", 0);
  const int result = call(library, "call_all");
  relink_library_free(library);
  relink_context_free(context);
  return result;
}

static void host_symbols_are_a_module(void) {
  EXPECT(call_with(host_twice, RELINK_REACH_GLOBAL) == 2 + 4 + 20 + 20);
  EXPECT(call_with(host_thrice, RELINK_REACH_FIRST) == 3 + 6 + 20 + 20);
}

static void symbols_have_versions(void) {
  relink_context* context = relink_context_create(0, NULL);
  const relink_host_symbol host[] = {
      {.name = "host_scale",
       .version = "HOST_1",
       .function = (relink_function)host_twice,
       .flags = RELINK_SYMBOL_HIDDEN},
      {.name = "host_scale",
       .version = "HOST_2",
       .function = (relink_function)host_thrice},
  };
  EXPECT(relink_context_add(context, "libhost.so", host, 2, RELINK_REACH_GLOBAL,
                            NULL));
  EXPECT(relink_context_find_function(context, "host_scale", "HOST_1", NULL) ==
         (relink_function)host_twice);
  EXPECT(relink_context_find_function(context, "host_scale", NULL, NULL) ==
         (relink_function)host_thrice);
  relink_error* error;
  EXPECT(relink_context_find(context, "host_scale", "HOST_3", &error) == NULL);
  EXPECT_ERROR(error, RELINK_NOT_FOUND, "no symbol host_scale@HOST_3");
  relink_context_free(context);
}

static bool count_names(void* data, const char* name) {
  EXPECT(name[0] != '\0');
  ++*(int*)data;
  return true;
}

static bool find_bottom(void* data, const char* name) {
  if (strstr(name, "libbottom.so") != NULL) *(bool*)data = true;
  return true;
}

static void a_module_is_once_in_a_context(void) {
  relink_context* context = relink_context_create(0, NULL);
  relink_library* first = load(context, "testdata/dependencies/libtop.so", 0);
  relink_library* second =
      load(context, "testdata/dependencies/libbottom.so", 0);
  int count = 0;
  relink_context_libraries(context, count_names, &count);
  EXPECT(count == 3);
  relink_library* found = relink_context_library(context, "libbottom.so", NULL);
  EXPECT(relink_library_base(found) == relink_library_base(second));
  relink_library_free(found);
  found = relink_context_library_at(
      context, relink_library_find(second, "bottom_value", NULL, NULL), NULL);
  EXPECT(relink_library_base(found) == relink_library_base(second));
  relink_library_free(found);
  bool has_bottom = false;
  relink_library_scope(first, find_bottom, &has_bottom);
  EXPECT(has_bottom);

  relink_error* error;
  EXPECT(relink_context_library(context, "libother.so", &error) == NULL);
  EXPECT_ERROR(error, RELINK_NOT_FOUND, "libother.so: is not loaded");
  EXPECT(relink_context_library_at(context, &count, &error) == NULL);
  EXPECT_ERROR(error, RELINK_NOT_FOUND, "0x");

  // The context's handle may go before its libraries.
  relink_context_free(context);
  relink_library_free(second);
  EXPECT(call(first, "top_value") == 111);
  relink_library_free(first);
}

static void contexts_share_what_they_are_given(void) {
  relink_context* one = relink_context_create(0, NULL);
  relink_context* other = relink_context_create(0, NULL);
  relink_library* counter = load(one, "testdata/dependencies/libbottom.so", 0);
  relink_library* own = load(other, "testdata/dependencies/libbottom.so", 0);
  EXPECT(call(counter, "bottom_count") == 1);
  EXPECT(call(own, "bottom_count") == 1);
  relink_library_free(own);
  relink_error* error;
  EXPECT(relink_context_share(other, counter, &error));
  EXPECT_OK(error);
  own = load(other, "testdata/dependencies/libdiamond.so", 0);
  EXPECT(call(own, "diamond_counts") == 23);
  relink_library_free(counter);
  relink_context_free(one);
  EXPECT(call(own, "diamond_counts") == 45);
  relink_library_free(own);
  relink_context_free(other);
}

static void symbols_become_global(void) {
  relink_context* context = relink_context_create(0, NULL);
  relink_library* library =
      load(context, "testdata/dependencies/libbottom.so", 0);
  EXPECT(relink_context_find(context, "bottom_value", NULL, NULL) == NULL);
  EXPECT(relink_context_make_global(context, library, NULL));
  EXPECT(relink_context_find(context, "bottom_value", NULL, NULL) ==
         relink_library_find(library, "bottom_value", NULL, NULL));
  relink_library_free(library);
  library =
      load(context, "testdata/dependencies/libcycle_first.so", RELINK_GLOBAL);
  EXPECT(relink_context_find(context, "first_value", NULL, NULL) != NULL);
  relink_library_free(library);
  EXPECT(relink_context_find(context, "first_value", NULL, NULL) == NULL);
  relink_context_free(context);
}

static void scopes_are_extended(void) {
  relink_context* context = relink_context_create(0, NULL);
  relink_library* library =
      load(context, "testdata/dependencies/libbottom.so", 0);
  relink_library* added = load(context, "testdata/versions/libversioned.so", 0);
  EXPECT(relink_library_find(library, "only_new", NULL, NULL) == NULL);
  EXPECT(relink_library_extend_scope(library, added, NULL));
  relink_library_free(added);
  EXPECT(call(library, "only_new") == 20);
  relink_library_free(library);
  relink_context_free(context);
}

static void only_what_is_loaded_is_found(void) {
  relink_context* context = relink_context_create(0, NULL);
  const relink_load_options options = {.size = sizeof(options),
                                       .flags = RELINK_ONLY_IF_LOADED};
  static const char kPath[] = "testdata/dependencies/libbottom.so";
  relink_error* error;
  EXPECT(relink_load(linker, context, kPath, &options, &error) == NULL);
  EXPECT_ERROR(error, RELINK_NOT_FOUND, "is not loaded");
  relink_library* library = load(context, kPath, RELINK_KEEP | RELINK_LAZY);
  relink_library_free(library);
  library = relink_load(linker, context, kPath, &options, &error);
  EXPECT_OK(error);
  relink_library_free(library);
  relink_context_finalize(context);
  relink_context_free(context);
}

static void the_process_can_be_left_out(void) {
  relink_context* context =
      relink_context_create(RELINK_CONTEXT_WITHOUT_PROCESS, NULL);
  relink_error* error;
  EXPECT(relink_context_find(context, "malloc", NULL, &error) == NULL);
  EXPECT_ERROR(error, RELINK_NOT_FOUND, "no symbol malloc");
  relink_context_free(context);
  context = relink_context_create(0, NULL);
  EXPECT(relink_context_find(context, "malloc", NULL, NULL) != NULL);
  relink_context_free(context);
}

int main(void) {
  linker = relink_linker_create(NULL, NULL);
  host_symbols_are_a_module();
  symbols_have_versions();
  a_module_is_once_in_a_context();
  contexts_share_what_they_are_given();
  symbols_become_global();
  scopes_are_extended();
  only_what_is_loaded_is_found();
  the_process_can_be_left_out();
  relink_linker_free(linker);
  return EXPECT_RESULT();
}
