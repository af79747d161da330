// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_CAPI_RELINK_H_
#define RELINK_CAPI_RELINK_H_

// Relink for C, and for whatever calls C.
//
// Errors. A function that can fail returns NULL, 0 or false if it does, and
// takes a `relink_error**` last. Unless that is NULL, it receives NULL or,
// after a failure, an error that the caller frees. There is no global state of
// errors. An argument that is NULL and must not be is such an error; functions
// that have none to report then return nothing and do nothing.
//
// Ownership. What is returned as a handle (a pointer to an incomplete type that
// is not const) is freed by the caller, with the function named for it. Handles
// can be freed in any order; freeing NULL does nothing. What is passed to a
// function is copied, unless it says otherwise. Strings that are returned live
// as long as the handle they were asked of.
//
// Structures that begin with `size` can grow. Set it to the size that you were
// compiled with, and to zero what you do not use:
//
//   relink_load_options options = {.size = sizeof(options)};
//
// A library that is older than your header refuses what it does not know.
//
// Threads. Linkers, contexts and libraries may be used by any number of threads
// at once, other handles by one at a time. Nobody may use what is being freed.
// Callbacks are called by the thread that caused them, must not throw, and must
// not leave with longjmp.

// NOLINTBEGIN(modernize-*, readability-identifier-naming): it is C.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define RELINK_API __attribute__((visibility("default")))
#else
#define RELINK_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

// Of this header. The ABI stays the same as long as the first number does.
#define RELINK_VERSION "0.1.0"

// Of the library, in the same form.
RELINK_API const char* relink_version(void);

// ---- Errors -----------------------------------------------------------------

// Whose fault it is.
typedef enum relink_code {
  RELINK_OK = 0,
  RELINK_INVALID_ARGUMENT = 3,   // The caller's, or the input is malformed.
  RELINK_NOT_FOUND = 5,          // No such file, dependency or symbol.
  RELINK_ALREADY_EXISTS = 6,     // A module of that name is there.
  RELINK_PERMISSION_DENIED = 7,  // Of a file, or by a hook.
  RELINK_RESOURCE_EXHAUSTED =
      8,  // The kernel refused, or static TLS is used up.
  RELINK_FAILED_PRECONDITION = 9,  // Inputs that do not belong together.
  RELINK_OUT_OF_RANGE = 11,        // Truncated, or a value does not fit.
  RELINK_UNIMPLEMENTED = 12,       // Legal, but not supported.
  RELINK_INTERNAL = 13             // Relink's.
} relink_code;

typedef struct relink_error relink_error;

// RELINK_OK for NULL.
RELINK_API relink_code relink_error_code(const relink_error* error);
// A line without its end, as "libfoo.so: DT_RELA[12]: ..."; empty for NULL.
RELINK_API const char* relink_error_message(const relink_error* error);
RELINK_API void relink_error_free(relink_error* error);

// ---- Hooks ------------------------------------------------------------------

// The steps of a load, in order.
typedef enum relink_step {
  RELINK_STEP_SCAN,           // Files are read: the root and what it needs.
  RELINK_STEP_GRAPH_PASSES,   // Only with passes.
  RELINK_STEP_LAYOUT,         // Everything is given its place.
  RELINK_STEP_STAGE,          // It is mapped there.
  RELINK_STEP_RELOCATE,       // Symbols are bound, relocations applied.
  RELINK_STEP_PLACED_PASSES,  // Only with passes.
  RELINK_STEP_FIXUPS,         // References to what passes moved.
  RELINK_STEP_FINISH,         // Protections are final.
  RELINK_STEP_COMMIT          // Initialization functions run.
} relink_step;

// A reference to a symbol, and what it was bound to.
typedef struct relink_binding {
  const char* module;  // That refers to it.
  const char* symbol;
  const char* version;  // Empty if it asks for none.
  const char* definer;  // NULL if no module is.
  uintptr_t address;
  bool indirect;  // The address is that of an ifunc's resolver.
} relink_binding;

// A place where a dependency was looked for.
typedef struct relink_search {
  const char* requester;  // The module that needs it; empty for the program.
  const char* name;
  const char* rule;  // Why it was looked at, as "LD_LIBRARY_PATH".
  const char* place;
  const char* outcome;  // "found" or why not.
} relink_search;

// Where a dependency comes from.
typedef enum relink_origin {
  RELINK_SEARCH = 0,   // As ld.so searches for it.
  RELINK_FROM_PATH,    // `text` is its path.
  RELINK_FROM_MEMORY,  // `bytes` are its file; they must stay while it is
                       // loaded.
  RELINK_FROM_HOST,    // The process's own, or it is not found.
  RELINK_OWN_COPY,     // Searched for, even if the process has it.
  RELINK_FROM_DLOPEN,  // `text` is the path to give to dlopen.
  RELINK_REFUSE        // RELINK_PERMISSION_DENIED, and `text` says why.
} relink_origin;

typedef struct relink_resolution {
  relink_origin origin;
  const char* text;
  const void* bytes;
  size_t byte_count;
} relink_resolution;

// Functions of yours that a linker asks or tells; any may be NULL. `data` is
// the first argument of each and must stay as long as the linker and whatever
// it loaded. Strings are valid during the call.
typedef struct relink_hooks {
  size_t size;
  void* data;
  // Asked. The address of a function or variable that a module needs and
  // nothing defines; 0 to report it as undefined.
  uintptr_t (*find_undefined)(void* data, const char* module,
                              const char* symbol, const char* version);
  // Where a dependency comes from: changes `resolution`, which begins as
  // RELINK_SEARCH. It is read at once, so its text must outlive the call, but
  // not the next. `requester` is empty if the program asks.
  void (*resolve)(void* data, const char* name, const char* requester,
                  relink_resolution* resolution);
  // Told. A step that failed does not end.
  void (*step_begin)(void* data, relink_step step);
  void (*step_end)(void* data, relink_step step);
  void (*searched)(void* data, const relink_search* search);
  // All is known of a file, and none of it is mapped.
  void (*scanned)(void* data, const char* module);
  // A segment has its place and its contents, not relocated yet.
  void (*mapped)(void* data, const char* module, const void* memory,
                 size_t size);
  // At least once for each symbol that a module refers to.
  void (*bound)(void* data, const relink_binding* binding);
  // Its initialization functions have run. `base` is what was added to its link
  // addresses.
  void (*loaded)(void* data, const char* module, uintptr_t base);
  // Its finalization functions have run, and its memory goes now.
  void (*unloaded)(void* data, const char* module);
} relink_hooks;

// ---- Contexts ---------------------------------------------------------------

// Modules that know each other: each is loaded once into a context, and what
// one makes global, later ones find. Contexts share nothing but the process and
// what both are given. It lives as long as the handle or any of its libraries.
typedef struct relink_context relink_context;

// A loaded module and, through it, those it needs. When no handle of it is
// left, and no other module needs it, finalization functions run and its memory
// is given back.
typedef struct relink_library relink_library;

enum {
  // References do not see what the program started with, unless by DT_NEEDED.
  RELINK_CONTEXT_WITHOUT_PROCESS = 1
};

RELINK_API relink_context* relink_context_create(uint32_t flags,
                                                 relink_error** error);
RELINK_API void relink_context_free(relink_context* context);

// To call what has any type, cast it; ISO C converts function pointers to each
// other, but not to void*.
typedef void (*relink_function)(void);

// A function or variable of yours: one of the two pointers is NULL.
typedef struct relink_host_symbol {
  const char* name;
  const char* version;  // NULL for none.
  relink_function function;
  const void* object;  // With its size, in bytes.
  size_t object_size;
  uint32_t flags;
} relink_host_symbol;

enum {
  RELINK_SYMBOL_HIDDEN = 1,  // Only references with its version find it.
  RELINK_SYMBOL_WEAK = 2,
  RELINK_SYMBOL_INDIRECT = 4  // The function returns the address to use.
};

// Who finds them.
typedef enum relink_reach {
  RELINK_REACH_NEEDED,  // Modules that need `soname`.
  RELINK_REACH_GLOBAL,  // All later modules, after the process's own symbols.
  RELINK_REACH_FIRST    // All later modules, before anything else.
} relink_reach;

// Adds symbols as a module called `soname`. What they stand for must stay as
// long as the context and whatever is loaded into it.
RELINK_API bool relink_context_add(relink_context* context, const char* soname,
                                   const relink_host_symbol* symbols,
                                   size_t count, relink_reach reach,
                                   relink_error** error);

// Lets modules that are loaded later use a library of another context.
RELINK_API bool relink_context_share(relink_context* context,
                                     const relink_library* library,
                                     relink_error** error);
// Later modules see the symbols of a library of this context.
RELINK_API bool relink_context_make_global(relink_context* context,
                                           const relink_library* library,
                                           relink_error** error);

// The library of that DT_SONAME or name, or the one that has that address.
RELINK_API relink_library* relink_context_library(const relink_context* context,
                                                  const char* name,
                                                  relink_error** error);
RELINK_API relink_library* relink_context_library_at(
    const relink_context* context, const void* address, relink_error** error);
// Calls `each` with the names of all, in the order of their load, while it
// returns true.
RELINK_API void relink_context_libraries(const relink_context* context,
                                         bool (*each)(void* data,
                                                      const char* name),
                                         void* data);

// What a module without needs would be bound to, as dlsym(RTLD_DEFAULT) and
// dlvsym. `version` may be NULL.
RELINK_API void* relink_context_find(const relink_context* context,
                                     const char* symbol, const char* version,
                                     relink_error** error);
RELINK_API relink_function
relink_context_find_function(const relink_context* context, const char* symbol,
                             const char* version, relink_error** error);

// Runs the finalization functions of all, as at the end of a process. Nothing
// is unloaded, but nothing may be used any more.
RELINK_API void relink_context_finalize(relink_context* context);

// ---- Linkers ----------------------------------------------------------------

// Loads modules, with what they need, into contexts of this process. A load
// goes all the way or leaves nothing behind.
typedef struct relink_linker relink_linker;

typedef enum relink_debugger {
  RELINK_DEBUGGER_IF_WATCHING = 0,  // gdb learns of modules if it is there.
  RELINK_DEBUGGER_ALWAYS,
  RELINK_DEBUGGER_NEVER
} relink_debugger;

enum {
  RELINK_WITHOUT_LIBRARY_PATH = 1,  // LD_LIBRARY_PATH is not looked at,
  RELINK_WITHOUT_CACHE = 2,         // nor /etc/ld.so.cache,
  RELINK_WITHOUT_SYSTEM = 4         // nor the directories that ld.so knows.
};

typedef struct relink_linker_options {
  size_t size;
  const relink_hooks* hooks;
  // Of where dependencies are searched for.
  uint32_t flags;
  relink_debugger debugger;
  const char* const* directories;  // Searched before the cache.
  size_t directory_count;
  // What passes do to each load, as "split-functions,order,place", and the
  // profile that they go by, a file. Both NULL for what RELINK_PASSES and
  // RELINK_PROFILE name in the environment.
  const char* passes;
  const char* profile;
} relink_linker_options;

// `options` may be NULL.
RELINK_API relink_linker* relink_linker_create(
    const relink_linker_options* options, relink_error** error);
RELINK_API void relink_linker_free(relink_linker* linker);

typedef enum relink_kind {
  RELINK_ANY = 0,  // Whichever of them the file is.
  RELINK_DYLIB,
  RELINK_EXECUTABLE,  // To call into: its entry point does not run.
  RELINK_OBJECT       // Relocatable.
} relink_kind;

enum {
  RELINK_GLOBAL = 1,          // RTLD_GLOBAL: later modules see its symbols.
  RELINK_LAZY = 2,            // RTLD_LAZY
  RELINK_DEEP_BIND = 4,       // RTLD_DEEPBIND: it sees its own symbols first.
  RELINK_KEEP = 8,            // RTLD_NODELETE
  RELINK_ONLY_IF_LOADED = 16  // RTLD_NOLOAD
};

typedef struct relink_load_options {
  size_t size;
  uint32_t flags;
  relink_kind kind;
  // Searched for symbols after what it needs.
  const relink_library* const* last_scope;
  size_t last_scope_count;
  // Who asks: its DT_RUNPATH counts for a name without a slash. May be NULL.
  const relink_library* caller;
  // As the linker's, for this load; both NULL for those, "" for none.
  const char* passes;
  const char* profile;
} relink_load_options;

// Loads the module called `name` unless the context has it: a path if there is
// a slash in it, otherwise whatever a search finds. Without a context (NULL),
// into one of its own. `options` may be NULL.
RELINK_API relink_library* relink_load(relink_linker* linker,
                                       relink_context* context,
                                       const char* name,
                                       const relink_load_options* options,
                                       relink_error** error);
// Loads a file whose bytes are in memory. `name` is for messages and $ORIGIN.
RELINK_API relink_library* relink_load_memory(
    relink_linker* linker, relink_context* context, const void* bytes,
    size_t size, const char* name, const relink_load_options* options,
    relink_error** error);
// Loads an open file, whose descriptor stays the caller's and is not moved.
RELINK_API relink_library* relink_load_descriptor(
    relink_linker* linker, relink_context* context, int descriptor,
    const char* name, const relink_load_options* options, relink_error** error);

// A file at the path `name` or, if there are bytes, those, called `name`.
typedef struct relink_source {
  const char* name;
  const void* bytes;
  size_t byte_count;
} relink_source;

// Loads relocatable objects as one module, with what they need of archives, and
// with shared objects, which become its dependencies. It is called after the
// first.
RELINK_API relink_library* relink_load_objects(
    relink_linker* linker, relink_context* context,
    const relink_source* sources, size_t count,
    const relink_load_options* options, relink_error** error);

// ---- Libraries --------------------------------------------------------------

RELINK_API void relink_library_free(relink_library* library);
// Another handle of the same library.
RELINK_API relink_library* relink_library_copy(const relink_library* library,
                                               relink_error** error);

// The symbol, of the library itself, then of what it needs, breadth-first, as
// dlsym and dlvsym find it; valid as long as the library. For thread-local
// variables, that of the calling thread. `version` may be NULL for the default.
RELINK_API void* relink_library_find(const relink_library* library,
                                     const char* symbol, const char* version,
                                     relink_error** error);
RELINK_API relink_function
relink_library_find_function(const relink_library* library, const char* symbol,
                             const char* version, relink_error** error);

// Lookups in the library go on in `added` and what that needs, which stay as
// long.
RELINK_API bool relink_library_extend_scope(const relink_library* library,
                                            const relink_library* added,
                                            relink_error** error);
// Where symbols are looked up: calls `each` with names, while it returns true.
RELINK_API void relink_library_scope(const relink_library* library,
                                     bool (*each)(void* data, const char* name),
                                     void* data);

RELINK_API const char* relink_library_name(const relink_library* library);
// Empty if it has none.
RELINK_API const char* relink_library_soname(const relink_library* library);
// What was added to its link addresses; 0 for modules of the host.
RELINK_API uintptr_t relink_library_base(const relink_library* library);
// Of an executable.
RELINK_API uintptr_t relink_library_entry(const relink_library* library);

// A symbol that a library defines.
typedef struct relink_symbol {
  const char* name;
  const char* version;  // Empty if none.
  uintptr_t address;    // Of a thread-local one, the offset in its block.
  size_t size;
  uint8_t type;  // STT_* of <elf.h>.
  uint8_t bind;  // STB_*
} relink_symbol;

// A part of the memory of a library.
typedef struct relink_segment {
  const void* memory;
  size_t size;
  bool readable, writable, executable;
} relink_segment;

// Call `each` with what the library itself has, while it returns true.
RELINK_API void relink_library_symbols(
    const relink_library* library,
    bool (*each)(void* data, const relink_symbol* symbol), void* data);
RELINK_API void relink_library_segments(
    const relink_library* library,
    bool (*each)(void* data, const relink_segment* segment), void* data);

// A pointer of yours, one for each library, whatever the handle. `release`,
// which may be NULL, is called with it when it is replaced or the library is
// gone. Not synchronized.
RELINK_API bool relink_library_set_data(const relink_library* library,
                                        void* data, void (*release)(void* data),
                                        relink_error** error);
// NULL if none was set.
RELINK_API void* relink_library_data(const relink_library* library);

// ---- Addresses --------------------------------------------------------------

// What is at an address. The strings live as long as the module.
typedef struct relink_address {
  size_t size;
  const char* module;
  uintptr_t base;
  const char* symbol;  // The nearest one before it; NULL if there is none.
  uintptr_t symbol_address;
} relink_address;

// As dladdr, and for modules of Relink's, too. False if no module is there.
RELINK_API bool relink_find_address(const void* address, relink_address* found,
                                    relink_error** error);

// ---- Programs ---------------------------------------------------------------

// A program that is mapped and ready to take the place of the calling one: like
// execve, but everything that can fail has happened. For processes of one
// thread.
typedef struct relink_program relink_program;

// `arguments` from argv[0] on and `environment` end with NULL; NULL itself for
// the path alone and for the process's own.
RELINK_API relink_program* relink_program_load(const char* path,
                                               const char* const* arguments,
                                               const char* const* environment,
                                               relink_error** error);
RELINK_API void relink_program_free(relink_program* program);

// Where its own code begins, and the file that starts it, empty if none.
RELINK_API uintptr_t relink_program_entry(const relink_program* program);
RELINK_API const char* relink_program_interpreter(
    const relink_program* program);

// Becomes the program. Does not return, unless for NULL.
RELINK_API void relink_program_start(relink_program* program);

#ifdef __cplusplus
}
#endif

// NOLINTEND(modernize-*, readability-identifier-naming)
#endif  // RELINK_CAPI_RELINK_H_
