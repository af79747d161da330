// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Loading from C, and what a library says of itself.

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "relink/capi/expect.h"

typedef int (*int_function)(void);

static relink_linker* linker;

static relink_library* load(const char* path) {
  relink_error* error;
  relink_library* library = relink_load(linker, NULL, path, NULL, &error);
  EXPECT_OK(error);
  return library;
}

static int call(const relink_library* library, const char* name,
                const char* version) {
  relink_error* error;
  const int_function function = (int_function)relink_library_find_function(
      library, name, version, &error);
  EXPECT_OK(error);
  return function == NULL ? -1 : function();
}

static void library_is_loaded_with_what_it_needs(void) {
  relink_library* top = load("testdata/dependencies/libtop.so");
  EXPECT(call(top, "top_value", NULL) == 111);
  EXPECT(call(top, "bottom_value", NULL) == 1);
  EXPECT_TEXT(relink_library_name(top), "testdata/dependencies/libtop.so");
  EXPECT_TEXT(relink_library_soname(top), "libtop.so");
  EXPECT(relink_library_base(top) != 0);
  relink_library_free(top);
}

static void versions_are_told_apart(void) {
  relink_library* library = load("testdata/versions/libversioned.so");
  EXPECT(call(library, "answer", NULL) == 2);
  EXPECT(call(library, "answer", "V1") == 1);
  EXPECT(call(library, "answer", "V2") == 2);
  relink_error* error;
  EXPECT(relink_library_find(library, "answer", "V3", &error) == NULL);
  EXPECT_ERROR(error, RELINK_NOT_FOUND, "libversioned.so: no symbol answer@V3");
  EXPECT(relink_library_find(library, "absent", NULL, &error) == NULL);
  EXPECT_ERROR(error, RELINK_NOT_FOUND, "libversioned.so: no symbol absent");
  relink_library_free(library);
}

static void failures_say_what_is_wrong(void) {
  relink_error* error;
  EXPECT(relink_load(linker, NULL, "/no/such.so", NULL, &error) == NULL);
  EXPECT_ERROR(error, RELINK_NOT_FOUND, "/no/such.so");
  EXPECT(relink_load(linker, NULL, "/etc/passwd", NULL, &error) == NULL);
  EXPECT_ERROR(error, RELINK_INVALID_ARGUMENT, "/etc/passwd: ELF header");
  EXPECT(relink_load(linker, NULL, "libno-such.so", NULL, &error) == NULL);
  EXPECT_ERROR(error, RELINK_NOT_FOUND, "libno-such.so");
  EXPECT(relink_load(linker, NULL,
                     "testdata/dependencies/libmissing_symbols.so", NULL,
                     &error) == NULL);
  EXPECT_ERROR(error, RELINK_NOT_FOUND, "absent_function");
  // Without an error to fill, too.
  EXPECT(relink_load(linker, NULL, "/etc/passwd", NULL, NULL) == NULL);
}

static void the_kind_is_checked(void) {
  relink_error* error;
  relink_load_options options = {.size = sizeof(options),
                                 .kind = RELINK_EXECUTABLE};
  EXPECT(relink_load(linker, NULL, "testdata/dependencies/libbottom.so",
                     &options, &error) == NULL);
  EXPECT_ERROR(error, RELINK_INVALID_ARGUMENT, "libbottom.so");
  relink_library* program = relink_load(
      linker, NULL, "testdata/programs/movable.elf", &options, &error);
  EXPECT_OK(error);
  EXPECT(call(program, "is_initialized", NULL) == 1);
  EXPECT(relink_library_entry(program) > relink_library_base(program));
  relink_library_free(program);
}

static void bytes_in_memory_are_copied(void) {
  FILE* file = fopen("testdata/dependencies/libbottom.so", "rb");
  char* bytes = malloc(1 << 20);
  const size_t size = fread(bytes, 1, 1 << 20, file);
  fclose(file);
  relink_error* error;
  relink_library* library =
      relink_load_memory(linker, NULL, bytes, size, "memory.so", NULL, &error);
  EXPECT_OK(error);
  memset(bytes, 0, size);
  EXPECT(call(library, "bottom_value", NULL) == 1);
  EXPECT_TEXT(relink_library_name(library), "memory.so");
  relink_library_free(library);

  EXPECT(relink_load_memory(linker, NULL, bytes, size, "zeros", NULL, &error) ==
         NULL);
  EXPECT_ERROR(error, RELINK_INVALID_ARGUMENT, "zeros: ");
  EXPECT(relink_load_memory(linker, NULL, bytes, 0, "nothing", NULL, &error) ==
         NULL);
  EXPECT_ERROR(error, RELINK_INVALID_ARGUMENT, "nothing: ");
  free(bytes);
}

static void descriptor_stays_the_callers(void) {
  const int file = open("testdata/dependencies/libbottom.so", O_RDONLY);
  relink_error* error;
  relink_library* library =
      relink_load_descriptor(linker, NULL, file, "opened.so", NULL, &error);
  EXPECT_OK(error);
  EXPECT(close(file) == 0);
  EXPECT(call(library, "bottom_value", NULL) == 1);
  relink_library_free(library);
  EXPECT(relink_load_descriptor(linker, NULL, file, "closed", NULL, &error) ==
         NULL);
  EXPECT(relink_error_code(error) != RELINK_OK);
  relink_error_free(error);
}

static void objects_become_one_library(void) {
  const relink_source sources[] = {
      {.name = "testdata/objects/wants_member.o"},
      {.name = "testdata/objects/members.a"},
  };
  relink_error* error;
  relink_library* library =
      relink_load_objects(linker, NULL, sources, 2, NULL, &error);
  EXPECT_OK(error);
  EXPECT(call(library, "ask", NULL) == 42);
  relink_library_free(library);
  EXPECT(relink_load_objects(linker, NULL, sources, 1, NULL, &error) == NULL);
  EXPECT_ERROR(error, RELINK_NOT_FOUND, "wants_member.o");
  EXPECT(relink_load_objects(linker, NULL, sources, 0, NULL, &error) == NULL);
  EXPECT_ERROR(error, RELINK_INVALID_ARGUMENT, "no object");
}

static bool count_answers(void* data, const relink_symbol* symbol) {
  if (strcmp(symbol->name, "answer") == 0) {
    EXPECT(symbol->version[0] == 'V');
    EXPECT(symbol->address != 0 && symbol->size != 0);
    ++*(int*)data;
  }
  return true;
}

static bool stop(void* data, const relink_symbol* symbol) {
  (void)symbol;
  ++*(int*)data;
  return false;
}

static bool find_code(void* data, const relink_segment* segment) {
  EXPECT(!(segment->writable && segment->executable));
  if (segment->executable) *(relink_segment*)data = *segment;
  return true;
}

static void symbols_segments_and_addresses_agree(void) {
  relink_library* library = load("testdata/versions/libversioned.so");
  int count = 0;
  relink_library_symbols(library, count_answers, &count);
  EXPECT(count == 2);
  count = 0;
  relink_library_symbols(library, stop, &count);
  EXPECT(count == 1);

  const char* const function =
      relink_library_find(library, "only_new", NULL, NULL);
  relink_segment code = {0};
  relink_library_segments(library, find_code, &code);
  EXPECT(function >= (const char*)code.memory);
  EXPECT(function < (const char*)code.memory + code.size);

  relink_error* error;
  relink_address found = {.size = sizeof(found)};
  EXPECT(relink_find_address(function + 1, &found, &error));
  EXPECT_OK(error);
  EXPECT_TEXT(found.symbol, "only_new");
  EXPECT_TEXT(found.module, "testdata/versions/libversioned.so");
  EXPECT(found.symbol_address == (uintptr_t)function);
  EXPECT(found.base == relink_library_base(library));
  relink_library_free(library);
  EXPECT(!relink_find_address(function, &found, &error));
  EXPECT_ERROR(error, RELINK_NOT_FOUND, "no module");
}

static void copies_keep_a_library_loaded(void) {
  relink_library* library = load("testdata/dependencies/libbottom.so");
  EXPECT(call(library, "bottom_count", NULL) == 1);
  relink_library* copy = relink_library_copy(library, NULL);
  relink_library_free(library);
  EXPECT(call(copy, "bottom_count", NULL) == 2);
  relink_library_free(copy);
}

static void passes_are_text(void) {
  relink_error* error;
  relink_load_options options = {
      .size = sizeof(options),
      .passes =
          "split-functions,choose-materialization<prefer=arenas>,"
          "order<by=random,seed=3>,place"};
  relink_library* library = relink_load(
      linker, NULL, "testdata/dependencies/libbottom.so", &options, &error);
  EXPECT_OK(error);
  EXPECT(call(library, "bottom_value", NULL) == 1);
  relink_library_free(library);
  options.passes = "no-such-pass";
  EXPECT(relink_load(linker, NULL, "testdata/dependencies/libbottom.so",
                     &options, &error) == NULL);
  EXPECT_ERROR(error, RELINK_INVALID_ARGUMENT, "no-such-pass");
  options.passes = NULL;
  options.profile = "/no/such/profile";
  EXPECT(relink_load(linker, NULL, "testdata/dependencies/libbottom.so",
                     &options, &error) == NULL);
  EXPECT_ERROR(error, RELINK_INVALID_ARGUMENT, "/no/such/profile");
}

static int released;
static void count_release(void* data) { released += *(int*)data; }

static void data_is_released_with_the_library(void) {
  static int one = 1;
  static int ten = 10;
  relink_library* library = load("testdata/dependencies/libbottom.so");
  relink_library* copy = relink_library_copy(library, NULL);
  EXPECT(relink_library_data(library) == NULL);
  EXPECT(relink_library_set_data(library, &one, count_release, NULL));
  EXPECT(relink_library_data(copy) == &one);
  EXPECT(relink_library_set_data(copy, &ten, count_release, NULL));
  EXPECT(released == 1);
  relink_library_free(library);
  EXPECT(released == 1);
  relink_library_free(copy);
  EXPECT(released == 11);
}

int main(void) {
  relink_error* error;
  linker = relink_linker_create(NULL, &error);
  EXPECT_OK(error);
  library_is_loaded_with_what_it_needs();
  versions_are_told_apart();
  failures_say_what_is_wrong();
  the_kind_is_checked();
  bytes_in_memory_are_copied();
  descriptor_stays_the_callers();
  objects_become_one_library();
  symbols_segments_and_addresses_agree();
  copies_keep_a_library_loaded();
  passes_are_text();
  data_is_released_with_the_library();
  relink_linker_free(linker);
  return EXPECT_RESULT();
}
