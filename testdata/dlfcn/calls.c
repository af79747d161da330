// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// usage: calls.elf FOLDER
// Calls dlopen and its like in many ways and prints what came of it, but no
// addresses: whoever answers, the output is to be the same. FOLDER has files
// that are no libraries.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef const char* (*text_function)(void);

const char* main_symbol(void) { return "main"; }
const char* interposed(void) { return "main"; }

static const char* Base(const char* path) {
  const char* slash = path == NULL ? NULL : strrchr(path, '/');
  return path == NULL ? "(null)" : slash == NULL ? path : slash + 1;
}

static void Error(const char* what) {
  const char* text = dlerror();
  printf("%s: error %s\n", what, text == NULL ? "none" : Base(text));
  printf("%s: then %s\n", what, dlerror() == NULL ? "none" : "another");
}

static void Call(const char* what, void* handle, const char* name) {
  void* found = dlsym(handle, name);
  if (found == NULL) {
    Error(what);
    return;
  }
  printf("%s: %s\n", what, ((text_function)found)());
}

static void* Open(const char* what, const char* file, int mode) {
  void* handle = dlopen(file, mode);
  if (handle == NULL) {
    Error(what);
  } else {
    printf("%s: opened\n", what);
  }
  return handle;
}

static void Close(const char* what, void* handle) {
  const int result = dlclose(handle);
  printf("%s: %d\n", what, result);
  if (result != 0) Error(what);
}

struct Count {
  const char* name;
  int count;
};

static int CountShown(struct dl_phdr_info* info, size_t size, void* data) {
  struct Count* shown = data;
  (void)size;
  if (strcmp(Base(info->dlpi_name), shown->name) == 0) ++shown->count;
  return 0;
}

static void Shown(const char* what, const char* name) {
  struct Count shown = {name, 0};
  dl_iterate_phdr(CountShown, &shown);
  printf("%s: shown %d times\n", what, shown.count);
}

static void Scopes(void) {
  Call("default before", RTLD_DEFAULT, "which");
  Call("default, own", RTLD_DEFAULT, "main_symbol");
  Call("next of the program", RTLD_NEXT, "which");
  Shown("before", "libfirst.so");
  void* first = Open("first", "libfirst.so", RTLD_NOW | RTLD_LOCAL);
  if (first == NULL) exit(1);
  Shown("loaded", "libfirst.so");
  Call("first", first, "which");
  Call("first, next", first, "next_which");
  Call("first, its needs", first, "second_only");
  Call("first, missing", first, "missing");
  Call("interposed", first, "call_interposed");
  Call("local is not default", RTLD_DEFAULT, "which");
  printf("loaded again: %d\n",
         Open("again", "libfirst.so", RTLD_LAZY | RTLD_NOLOAD) == first);
  Open("not loaded", "libcounter.so", RTLD_NOW | RTLD_NOLOAD);
  void* program = Open("program", NULL, RTLD_NOW);
  Call("program", program, "main_symbol");
  Call("program before", program, "second_only");
  Open("promoted", "libfirst.so", RTLD_NOW | RTLD_NOLOAD | RTLD_GLOBAL);
  Call("default after", RTLD_DEFAULT, "which");
  Call("program after", program, "second_only");
  Close("program", program);
  struct link_map* second = NULL;
  Dl_info info;
  dladdr1(dlsym(first, "second_only"), &info, (void**)&second, RTLD_DL_LINKMAP);
  printf("needed: %s\n", Base(second->l_name));
  Close("needed, not opened", second);
  Close("first", first);
  Close("first", first);
  Shown("still", "libfirst.so");
  Close("first", first);
  // Whose symbol the program asked for without a handle stays.
  Shown("in the end", "libfirst.so");
  Call("default in the end", RTLD_DEFAULT, "which");
  first = Open("deep", "libdeep.so", RTLD_NOW | RTLD_DEEPBIND);
  Call("deep", first, "call_interposed");
  void* (*open)(const char*, int) =
      (void* (*)(const char*, int))dlsym(first, "open_library");
  void* by_module = open("libsecond.so", RTLD_NOW);
  printf("opened by a module: %d\n", by_module != NULL);
  Call("opened by a module", by_module, "which");
  Close("opened by a module", by_module);
  Close("deep", first);
}

static void Versions(void) {
  void* library = Open("versions", "libversioned.so", RTLD_NOW);
  const char* const versions[] = {"V1", "V2", "V9"};
  for (int i = 0; i < 3; ++i) {
    void* found = dlvsym(library, "value", versions[i]);
    if (found == NULL) {
      Error(versions[i]);
    } else {
      printf("%s: %d\n", versions[i], ((int (*)(void))found)());
    }
  }
  printf("newest: %d\n", ((int (*)(void))dlsym(library, "value"))());
  Close("versions", library);
}

static void Information(void) {
  void* library = Open("counter", "libcounter.so", RTLD_NOW);
  int* (*address)(void) = (int* (*)(void))dlsym(library, "counter_address");
  int* counter = address();
  printf("counter: %d %d\n", *counter, counter == dlsym(library, "counter"));
  Lmid_t name_space = 77;
  printf("LMID: %d", dlinfo(library, RTLD_DI_LMID, &name_space));
  printf(" %ld\n", (long)name_space);
  struct link_map* map = NULL;
  printf("LINKMAP: %d", dlinfo(library, RTLD_DI_LINKMAP, &map));
  printf(" %s %d\n", Base(map->l_name), (void*)map == library);
  char origin[4096];
  printf("ORIGIN: %d", dlinfo(library, RTLD_DI_ORIGIN, origin));
  printf(" %d\n", strncmp(map->l_name, origin, strlen(origin)) == 0);
  size_t module = 0;
  printf("TLS_MODID: %d", dlinfo(library, RTLD_DI_TLS_MODID, &module));
  printf(" %d\n", module != 0);
  void* block = NULL;
  printf("TLS_DATA: %d", dlinfo(library, RTLD_DI_TLS_DATA, &block));
  printf(" %d\n", block == (void*)counter);
  Dl_serinfo size;
  printf("SERINFOSIZE: %d\n", dlinfo(library, RTLD_DI_SERINFOSIZE, &size));
  Dl_serinfo* paths = malloc(size.dls_size);
  memcpy(paths, &size, sizeof(size));
  printf("SERINFO: %d", dlinfo(library, RTLD_DI_SERINFO, paths));
  printf(" %u\n", paths->dls_cnt == size.dls_cnt);
  free(paths);
  printf("99: %d\n", dlinfo(library, 99, &size));
  Error("99");
  Dl_info info;
  const ElfW(Sym)* symbol = NULL;
  printf("dladdr1: %d",
         dladdr1((void*)address, &info, (void**)&symbol, RTLD_DL_SYMENT) != 0);
  printf(" %s %s %d %d\n", Base(info.dli_fname), info.dli_sname,
         info.dli_saddr == (void*)address, symbol->st_size != 0);
  printf("dladdr: %d\n", dladdr((void*)1, &info));
  Shown("counter", "libcounter.so");
  Close("counter", library);
  Shown("counter, gone", "libcounter.so");
}

static void* OtherThread(void* unused) {
  (void)unused;
  printf("thread: %s\n", dlerror() == NULL ? "none" : "another's");
  dlopen("libnone.so", RTLD_NOW);
  Error("thread");
  dlopen("libnone.so", RTLD_NOW);
  return NULL;
}

static void Errors(const char* folder) {
  Open("none", "libnone.so", RTLD_NOW);
  Open("no mode", "libfirst.so", 0);
  dlsym(RTLD_DEFAULT, "missing");
  pthread_t thread;
  pthread_create(&thread, NULL, OtherThread, NULL);
  pthread_join(thread, NULL);
  Error("main");
  const char* const files[] = {"empty", "short", "text", "."};
  for (int i = 0; i < 4; ++i) {
    char path[4096];
    snprintf(path, sizeof(path), "%s/%s", folder, files[i]);
    Open(files[i], path, RTLD_NOW);
  }
}

static void Namespaces(void) {
  void* base = dlmopen(LM_ID_BASE, "libsecond.so", RTLD_NOW);
  printf("base: %d\n", base == dlopen("libsecond.so", RTLD_NOW));
  void* apart = dlmopen(LM_ID_NEWLM, "libsecond.so", RTLD_NOW);
  printf("apart: %d\n", apart != NULL && apart != base);
  Call("apart", apart, "which");
  Lmid_t name_space = 0;
  dlinfo(apart, RTLD_DI_LMID, &name_space);
  printf("apart: %d\n", name_space != LM_ID_BASE);
  printf("there: %d\n",
         dlmopen(name_space, "libsecond.so", RTLD_NOW | RTLD_NOLOAD) == apart);
  Close("apart", apart);
  Close("apart", apart);
  if (dlmopen(13, "libsecond.so", RTLD_NOW) == NULL) Error("no namespace");
  Close("base", base);
  Close("base", base);
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  setvbuf(stdout, NULL, _IOLBF, 0);
  Scopes();
  Versions();
  Information();
  Errors(argv[1]);
  Namespaces();
  void* kept = Open("kept", "libfinalized.so", RTLD_NOW | RTLD_NODELETE);
  Close("kept", kept);
  printf("kept: %d\n",
         dlopen("libfinalized.so", RTLD_NOW | RTLD_NOLOAD) == kept);
  puts("end");
  return 0;
}
