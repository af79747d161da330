// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// What C lets a caller do wrong.

#include <stdlib.h>

#include "relink/capi/expect.h"

#define EXPECT_REFUSED(call, part)                      \
  do {                                                  \
    relink_error* error;                                \
    EXPECT(!(call));                                    \
    EXPECT_ERROR(error, RELINK_INVALID_ARGUMENT, part); \
  } while (0)

static bool each_name(void* data, const char* name) {
  (void)name;
  ++*(int*)data;
  return true;
}

// Every function with NULL for every handle.
static void null_is_an_error_or_nothing(void) {
  relink_linker* linker = relink_linker_create(NULL, NULL);
  relink_context* context = relink_context_create(0, NULL);
  relink_library* library = relink_load(
      linker, context, "testdata/dependencies/libbottom.so", NULL, NULL);
  const relink_source nameless = {0};

  EXPECT_REFUSED(relink_load(NULL, context, "x", NULL, &error), "`linker`");
  EXPECT_REFUSED(relink_load(linker, context, NULL, NULL, &error), "`name`");
  EXPECT_REFUSED(relink_load_memory(linker, NULL, NULL, 1, "x", NULL, &error),
                 "`bytes`");
  EXPECT_REFUSED(relink_load_memory(linker, NULL, "x", 1, NULL, NULL, &error),
                 "`name`");
  EXPECT_REFUSED(relink_load_descriptor(linker, NULL, 0, NULL, NULL, &error),
                 "`name`");
  EXPECT_REFUSED(relink_load_objects(linker, NULL, NULL, 1, NULL, &error),
                 "`sources`");
  EXPECT_REFUSED(relink_load_objects(linker, NULL, &nameless, 1, NULL, &error),
                 "`sources[].name`");

  EXPECT_REFUSED(relink_context_add(NULL, "a", NULL, 0, 0, &error),
                 "`context`");
  EXPECT_REFUSED(relink_context_add(context, NULL, NULL, 0, 0, &error),
                 "`soname`");
  EXPECT_REFUSED(relink_context_add(context, "a", NULL, 1, 0, &error),
                 "`symbols`");
  EXPECT_REFUSED(relink_context_share(context, NULL, &error), "`library`");
  EXPECT_REFUSED(relink_context_share(NULL, library, &error), "`context`");
  EXPECT_REFUSED(relink_context_make_global(context, NULL, &error),
                 "`library`");
  EXPECT_REFUSED(relink_context_library(context, NULL, &error), "`name`");
  EXPECT_REFUSED(relink_context_library(NULL, "x", &error), "`context`");
  EXPECT_REFUSED(relink_context_library_at(NULL, "x", &error), "`context`");
  EXPECT_REFUSED(relink_context_find(context, NULL, NULL, &error), "`symbol`");
  EXPECT_REFUSED(relink_context_find_function(NULL, "x", NULL, &error),
                 "`context`");

  EXPECT_REFUSED(relink_library_copy(NULL, &error), "`library`");
  EXPECT_REFUSED(relink_library_find(library, NULL, NULL, &error), "`symbol`");
  EXPECT_REFUSED(relink_library_find_function(NULL, "x", NULL, &error),
                 "`library`");
  EXPECT_REFUSED(relink_library_extend_scope(library, NULL, &error), "`added`");
  EXPECT_REFUSED(relink_library_set_data(NULL, NULL, NULL, &error),
                 "`library`");
  EXPECT_REFUSED(relink_find_address(&linker, NULL, &error), "`found`");
  EXPECT_REFUSED(relink_program_load(NULL, NULL, NULL, &error), "`path`");

  int count = 0;
  relink_context_libraries(NULL, each_name, &count);
  relink_context_libraries(context, NULL, &count);
  relink_library_scope(NULL, each_name, &count);
  relink_library_symbols(NULL, NULL, NULL);
  relink_library_symbols(library, NULL, NULL);
  relink_library_segments(NULL, NULL, NULL);
  relink_library_segments(library, NULL, NULL);
  EXPECT(count == 0);
  EXPECT(relink_library_name(NULL) == NULL);
  EXPECT(relink_library_soname(NULL) == NULL);
  EXPECT(relink_library_base(NULL) == 0);
  EXPECT(relink_library_entry(NULL) == 0);
  EXPECT(relink_library_data(NULL) == NULL);
  EXPECT(relink_program_entry(NULL) == 0);
  EXPECT(relink_program_interpreter(NULL) == NULL);
  EXPECT(relink_error_code(NULL) == RELINK_OK);
  EXPECT_TEXT(relink_error_message(NULL), "");
  relink_context_finalize(NULL);
  relink_program_start(NULL);
  relink_error_free(NULL);
  relink_program_free(NULL);
  relink_context_free(NULL);
  relink_library_free(NULL);
  relink_linker_free(NULL);

  relink_library_free(library);
  relink_context_free(context);
  relink_linker_free(linker);
}

static const char kPath[] = "testdata/dependencies/libbottom.so";

// As a later header has it, with two members more.
struct later_options {
  relink_load_options known;
  const char* added[2];
};

static void later_structures_are_taken_if_they_add_nothing(void) {
  relink_linker* linker = relink_linker_create(NULL, NULL);
  struct later_options later = {{.size = sizeof(later)}, {NULL, NULL}};
  relink_error* error;
  relink_library* library =
      relink_load(linker, NULL, kPath, &later.known, &error);
  EXPECT_OK(error);
  relink_library_free(library);
  later.added[1] = "new";
  EXPECT(relink_load(linker, NULL, kPath, &later.known, &error) == NULL);
  EXPECT_ERROR(error, RELINK_UNIMPLEMENTED, "relink_load_options");
  relink_linker_free(linker);
}

static void other_sizes_are_refused(void) {
  relink_linker* linker = relink_linker_create(NULL, NULL);
  const size_t sizes[] = {0, 1, sizeof(relink_address) - 1, 4097, SIZE_MAX};
  for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); ++i) {
    relink_load_options options = {.size = sizes[i]};
    EXPECT_REFUSED(relink_load(linker, NULL, kPath, &options, &error),
                   "sizeof(relink_load_options)");
    relink_linker_options of_linker = {.size = sizes[i]};
    EXPECT_REFUSED(relink_linker_create(&of_linker, &error),
                   "sizeof(relink_linker_options)");
    relink_address found = {.size = sizes[i]};
    EXPECT_REFUSED(relink_find_address(&sizes, &found, &error),
                   "sizeof(relink_address)");
  }
  const relink_hooks hooks = {0};
  const relink_linker_options options = {.size = sizeof(options),
                                         .hooks = &hooks};
  EXPECT_REFUSED(relink_linker_create(&options, &error), "relink_hooks");
  relink_linker_free(linker);
}

static void unknown_flags_are_refused(void) {
  relink_linker* linker = relink_linker_create(NULL, NULL);
  relink_error* error;
  EXPECT(relink_context_create(0x80, &error) == NULL);
  EXPECT_ERROR(error, RELINK_UNIMPLEMENTED, "0x80");
  const relink_load_options options = {.size = sizeof(options), .flags = 0x401};
  EXPECT(relink_load(linker, NULL, "libc.so.6", &options, &error) == NULL);
  EXPECT_ERROR(error, RELINK_UNIMPLEMENTED, "0x400");
  const relink_linker_options of_linker = {.size = sizeof(of_linker),
                                           .flags = 8};
  EXPECT(relink_linker_create(&of_linker, &error) == NULL);
  EXPECT_ERROR(error, RELINK_UNIMPLEMENTED, "0x8");
  relink_linker_free(linker);
}

static void lists_must_be_there(void) {
  const relink_linker_options no_list = {.size = sizeof(no_list),
                                         .directory_count = 1};
  EXPECT_REFUSED(relink_linker_create(&no_list, &error), "`directories`");
  const char* const hole[] = {"/tmp", NULL};
  const relink_linker_options with_hole = {
      .size = sizeof(with_hole), .directories = hole, .directory_count = 2};
  EXPECT_REFUSED(relink_linker_create(&with_hole, &error), "`directories[]`");
  relink_linker* linker = relink_linker_create(NULL, NULL);
  const relink_load_options no_scope = {.size = sizeof(no_scope),
                                        .last_scope_count = 3};
  EXPECT_REFUSED(relink_load(linker, NULL, "libc.so.6", &no_scope, &error),
                 "`last_scope`");
  relink_linker_free(linker);
}

static void symbols_are_functions_or_objects(void) {
  relink_context* context = relink_context_create(0, NULL);
  const relink_host_symbol neither = {.name = "neither"};
  EXPECT_REFUSED(relink_context_add(context, "libhost.so", &neither, 1,
                                    RELINK_REACH_NEEDED, &error),
                 "neither: ");
  const relink_host_symbol both = {
      .name = "both", .function = (relink_function)exit, .object = &both};
  EXPECT_REFUSED(relink_context_add(context, "libhost.so", &both, 1,
                                    RELINK_REACH_NEEDED, &error),
                 "both: ");
  const relink_host_symbol nameless = {.object = &nameless};
  EXPECT_REFUSED(relink_context_add(context, "libhost.so", &nameless, 1,
                                    RELINK_REACH_NEEDED, &error),
                 "name");
  const relink_host_symbol good = {.name = "good", .object = &good};
  EXPECT_REFUSED(relink_context_add(context, "libhost.so", &good, 1,
                                    (relink_reach)3, &error),
                 "`reach`");
  relink_context_free(context);
}

int main(void) {
  EXPECT_TEXT(relink_version(), RELINK_VERSION);
  null_is_an_error_or_nothing();
  later_structures_are_taken_if_they_add_nothing();
  other_sizes_are_refused();
  unknown_flags_are_refused();
  lists_must_be_there();
  symbols_are_functions_or_objects();
  return EXPECT_RESULT();
}
