// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// What hooks are asked and told.

#include <stdlib.h>

#include "relink/capi/expect.h"

typedef int (*int_function)(void);

// What happened to modules and steps, as text.
struct log {
  char text[4096];
  int bindings;
  bool bound_bottom;
  int searches;
  bool mapped_code;
};

static void add(struct log* log, const char* what, const char* name) {
  const char* slash = strrchr(name, '/');
  strcat(log->text, what);
  strcat(log->text, slash == NULL ? name : slash + 1);
  strcat(log->text, ";");
}

static void step_begin(void* data, relink_step step) {
  const char digit[] = {(char)('0' + step), '\0'};
  add(data, "begin ", digit);
}
static void step_end(void* data, relink_step step) {
  const char digit[] = {(char)('0' + step), '\0'};
  add(data, "end ", digit);
}
static void scanned(void* data, const char* module) {
  add(data, "scanned ", module);
}
static void loaded(void* data, const char* module, uintptr_t base) {
  EXPECT(base != 0);
  add(data, "loaded ", module);
}
static void unloaded(void* data, const char* module) {
  add(data, "unloaded ", module);
}
static void mapped(void* data, const char* module, const void* memory,
                   size_t size) {
  EXPECT(module[0] != '\0');
  if (memory != NULL && size != 0) ((struct log*)data)->mapped_code = true;
}
static void bound(void* data, const relink_binding* binding) {
  struct log* log = data;
  ++log->bindings;
  if (strcmp(binding->symbol, "bottom_value") != 0) return;
  log->bound_bottom = true;
  EXPECT(strstr(binding->module, "libmiddle.so") != NULL);
  EXPECT(strstr(binding->definer, "libbottom.so") != NULL);
  EXPECT_TEXT(binding->version, "");
  EXPECT(binding->address != 0);
  EXPECT(!binding->indirect);
}
static void searched(void* data, const relink_search* search) {
  EXPECT(search->rule[0] != '\0' && search->outcome[0] != '\0');
  if (strcmp(search->name, "libbottom.so") == 0 &&
      strcmp(search->rule, "DT_RUNPATH") == 0) {
    EXPECT(strstr(search->requester, "libmiddle.so") != NULL);
    ++((struct log*)data)->searches;
  }
}

static relink_linker* linker_with(const relink_hooks* hooks) {
  const relink_linker_options options = {.size = sizeof(options),
                                         .hooks = hooks};
  relink_error* error;
  relink_linker* linker = relink_linker_create(&options, &error);
  EXPECT_OK(error);
  return linker;
}

static void every_step_is_told(void) {
  struct log log = {{0}, 0, false, 0, false};
  const relink_hooks hooks = {.size = sizeof(hooks),
                              .data = &log,
                              .step_begin = step_begin,
                              .step_end = step_end,
                              .searched = searched,
                              .scanned = scanned,
                              .mapped = mapped,
                              .bound = bound,
                              .loaded = loaded,
                              .unloaded = unloaded};
  relink_linker* linker = linker_with(&hooks);
  relink_library* top =
      relink_load(linker, NULL, "testdata/dependencies/libtop.so", NULL, NULL);
  // Modules are told of although the linker's handle is gone.
  relink_linker_free(linker);
  relink_library_free(top);
  EXPECT_TEXT(
      log.text,
      "begin 0;scanned libtop.so;scanned libmiddle.so;"
      "scanned libbottom.so;end 0;begin 2;end 2;begin 3;end 3;begin 4;end 4;"
      "begin 7;end 7;begin 8;loaded libbottom.so;loaded libmiddle.so;"
      "loaded libtop.so;end 8;unloaded libtop.so;"
      "unloaded libmiddle.so;unloaded libbottom.so;");
  EXPECT(log.bindings >= 2);
  EXPECT(log.bound_bottom);
  EXPECT(log.searches == 1);
  EXPECT(log.mapped_code);
}

static void a_failed_load_is_told_up_to_its_step(void) {
  struct log log = {{0}, 0, false, 0, false};
  const relink_hooks hooks = {.size = sizeof(hooks),
                              .data = &log,
                              .step_begin = step_begin,
                              .loaded = loaded,
                              .unloaded = unloaded};
  relink_linker* linker = linker_with(&hooks);
  EXPECT(relink_load(linker, NULL,
                     "testdata/dependencies/libmissing_symbols.so", NULL,
                     NULL) == NULL);
  EXPECT_TEXT(log.text, "begin 0;begin 2;begin 3;begin 4;");
  relink_linker_free(linker);
}

static int supplied_value = 30;
static int* supplied_pointer = &supplied_value;
static int supplied_function(int value) { return value + 100; }

static uintptr_t find_undefined(void* data, const char* module,
                                const char* symbol, const char* version) {
  EXPECT(strstr(module, "libmissing_symbols.so") != NULL);
  EXPECT_TEXT(version, "");
  ++*(int*)data;
  if (strcmp(symbol, "absent_function") == 0) {
    return (uintptr_t)supplied_function;
  }
  if (strcmp(symbol, "absent_variable") == 0) {
    return (uintptr_t)&supplied_value;
  }
  if (strcmp(symbol, "absent_pointer") == 0) {
    return (uintptr_t)&supplied_pointer;
  }
  return 0;
}

static void undefined_symbols_are_supplied(void) {
  int asked = 0;
  const relink_hooks hooks = {
      .size = sizeof(hooks), .data = &asked, .find_undefined = find_undefined};
  relink_linker* linker = linker_with(&hooks);
  relink_error* error;
  relink_library* library =
      relink_load(linker, NULL, "testdata/dependencies/libmissing_symbols.so",
                  NULL, &error);
  EXPECT_OK(error);
  const int_function call_all = (int_function)relink_library_find_function(
      library, "call_all", NULL, NULL);
  EXPECT(call_all() == 101 + 102 + 30 + 30);
  EXPECT(asked >= 3);
  relink_library_free(library);
  relink_linker_free(linker);
}

// What is to be done about libmiddle.so.
static void resolve(void* data, const char* name, const char* requester,
                    relink_resolution* resolution) {
  EXPECT(resolution->origin == RELINK_SEARCH);
  if (strcmp(name, "libmiddle.so") != 0) return;
  EXPECT(strstr(requester, "libtop.so") != NULL);
  *resolution = *(const relink_resolution*)data;
}

static int top_value_with(const relink_resolution* resolution,
                          relink_error** error) {
  const relink_hooks hooks = {
      .size = sizeof(hooks), .data = (void*)resolution, .resolve = resolve};
  relink_linker* linker = linker_with(&hooks);
  relink_library* top =
      relink_load(linker, NULL, "testdata/dependencies/libtop.so", NULL, error);
  const int_function value =
      (int_function)relink_library_find_function(top, "top_value", NULL, NULL);
  const int result = value == NULL ? -1 : value();
  relink_library_free(top);
  relink_linker_free(linker);
  return result;
}

static void the_caller_resolves_dependencies(void) {
  relink_error* error;
  relink_resolution resolution = {.origin = RELINK_SEARCH};
  EXPECT(top_value_with(&resolution, &error) == 111);
  EXPECT_OK(error);
  resolution.origin = RELINK_OWN_COPY;
  EXPECT(top_value_with(&resolution, &error) == 111);
  EXPECT_OK(error);
  resolution.origin = RELINK_FROM_PATH;
  resolution.text = "testdata/dependencies/libmiddle.so";
  EXPECT(top_value_with(&resolution, &error) == 111);
  EXPECT_OK(error);
  resolution.text = "/no/such/library.so";
  EXPECT(top_value_with(&resolution, &error) == -1);
  EXPECT_ERROR(error, RELINK_NOT_FOUND, "/no/such/library.so");
  resolution.origin = RELINK_FROM_DLOPEN;
  EXPECT(top_value_with(&resolution, &error) == -1);
  EXPECT_ERROR(error, RELINK_NOT_FOUND, "/no/such/library.so");
  resolution.origin = RELINK_REFUSE;
  resolution.text = "by policy";
  EXPECT(top_value_with(&resolution, &error) == -1);
  EXPECT_ERROR(error, RELINK_PERMISSION_DENIED, "by policy");
  resolution.origin = RELINK_FROM_HOST;
  EXPECT(top_value_with(&resolution, &error) == -1);
  EXPECT_ERROR(error, RELINK_NOT_FOUND, "libmiddle.so");
  // Neither a path nor bytes.
  resolution.text = NULL;
  resolution.origin = RELINK_FROM_PATH;
  EXPECT(top_value_with(&resolution, &error) == -1);
  EXPECT_ERROR(error, RELINK_INVALID_ARGUMENT, "libmiddle.so: the hook");
  resolution.origin = RELINK_FROM_MEMORY;
  EXPECT(top_value_with(&resolution, &error) == -1);
  EXPECT_ERROR(error, RELINK_INVALID_ARGUMENT, "libmiddle.so: the hook");
}

static void dependencies_come_from_memory(void) {
  // Bytes without a place have no $ORIGIN, so one that needs nothing.
  FILE* file = fopen("testdata/versions/libversioned.so", "rb");
  char* bytes = malloc(1 << 20);
  const relink_resolution resolution = {
      .origin = RELINK_FROM_MEMORY,
      .bytes = bytes,
      .byte_count = fread(bytes, 1, 1 << 20, file)};
  fclose(file);
  relink_error* error;
  // It does not define what libtop.so wants of libmiddle.so.
  EXPECT(top_value_with(&resolution, &error) == -1);
  EXPECT_ERROR(error, RELINK_NOT_FOUND, "middle_value");
  free(bytes);
}

int main(void) {
  every_step_is_told();
  a_failed_load_is_told_up_to_its_step();
  undefined_symbols_are_supplied();
  the_caller_resolves_dependencies();
  dependencies_come_from_memory();
  return EXPECT_RESULT();
}
