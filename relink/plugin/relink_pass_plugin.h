// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PLUGIN_RELINK_PASS_PLUGIN_H_
#define RELINK_PLUGIN_RELINK_PASS_PLUGIN_H_

// A pass plugin is a shared library that exports one function:
//
//   const relink_pass_plugin* relink_pass_plugin_info(void);
//
// Relink loads it, checks what that returns, and has it register its passes and
// analyses, which pipelines can name from then on. C99, and the only header
// that a plugin needs; relink_pass_plugin.hpp makes it short to use from C++.
//
// Compatibility. Structs that one side gives the other begin with their size as
// the giver knows it, and are only ever appended to. So is the table of
// functions. Whenever that happens the API version goes up by one. A host takes
// every plugin whose version is not above its own: what a plugin does not have
// yet is zero.
//
// Structs that the host fills: the plugin sets `size` first, and the host fills
// no more than that.
//
// Errors. A function that can fail returns a code; `relink_host::error` is the
// message. A callback that returns a code other than RELINK_OK fails, with the
// message of `relink_host::fail` or of the last call that failed. No exception
// may leave a callback.
//
// Strings are not terminated, and unless another lifetime is given, the
// plugin's are copied, and the host's are valid until the callback returns.
//
// Threads. Callbacks of different loads may run at once; a handle belongs to
// one callback.

// NOLINTBEGIN(readability-identifier-naming, modernize-*): this is C.
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RELINK_PASS_PLUGIN_API_VERSION 1

typedef struct relink_string {
  const char* data;
  size_t size;
} relink_string;

// Whose fault an error is; the numbers of absl::StatusCode.
typedef int32_t relink_code;
enum {
  RELINK_OK = 0,
  RELINK_INVALID_ARGUMENT = 3,  // Malformed input.
  RELINK_NOT_FOUND = 5,
  RELINK_RESOURCE_EXHAUSTED = 8,
  RELINK_FAILED_PRECONDITION = 9,  // Not now, or not for this.
  RELINK_OUT_OF_RANGE = 11,        // No such index, or it does not fit.
  RELINK_UNIMPLEMENTED = 12,
  RELINK_INTERNAL = 13  // A mistake in the plugin or in Relink.
};

// Modules, sections, symbols and arenas are named by their index.
typedef uint32_t relink_id;
#define RELINK_NONE UINT32_MAX

// What passes run over.
enum {
  RELINK_UNIT_GRAPH = 0,   // All modules, before anything has an address.
  RELINK_UNIT_MODULE = 1,  // One of them after the other.
  RELINK_UNIT_PLACED = 2   // All, at their addresses.
};
enum {
  RELINK_OPAQUE = 0,       // A module's segments can be placed.
  RELINK_SECTIONED = 1,    // Section data can be read and changed.
  RELINK_OVERLAYABLE = 2,  // Functions are found and decoded.
  RELINK_REORDERABLE = 3   // Every reference is known.
};
enum {
  RELINK_CLOSED = 0,
  RELINK_SECTIONS = 1,
  RELINK_SYMBOLS = 2,
  RELINK_FIXUPS = 3,
  RELINK_FUNCTIONS = 4
};
enum { RELINK_WHOLE = 0, RELINK_OVERLAY = 1, RELINK_ARENAS = 2 };
enum {
  RELINK_CODE = 0,
  RELINK_READ_ONLY = 1,
  RELINK_RELRO = 2,
  RELINK_DATA = 3,
  RELINK_TLS = 4
};
enum {
  RELINK_KIND_OUTPUT = 0,
  RELINK_KIND_FUNCTION = 1,
  RELINK_KIND_REMAINDER = 2,
  RELINK_KIND_JUMP_TABLE = 3,
  RELINK_KIND_UNWIND = 4,
  RELINK_KIND_MADE = 5,
  RELINK_KIND_STUBS = 6
};
enum { RELINK_UNDEFINED = 0, RELINK_IN_SECTION = 1, RELINK_EXTERNAL = 2 };
enum {
  RELINK_MOVED = 0,
  RELINK_REFUSED = 1,
  RELINK_CHANGED = 2,
  RELINK_NOTE = 3
};

typedef struct relink_counts {
  size_t size;
  size_t modules;
  size_t sections;
  size_t symbols;
  size_t arenas;
  size_t order;  // Live sections of opened modules.
  size_t calls;
} relink_counts;

typedef struct relink_module_info {
  size_t size;
  relink_string name;
  relink_string soname;  // Empty if none.
  uint32_t is_executable;
  uint32_t depth;       // RELINK_CLOSED to RELINK_FUNCTIONS.
  uint32_t capability;  // RELINK_OPAQUE to RELINK_REORDERABLE.
  uint32_t materialization;
  size_t sections;  // Those of the file.
  size_t functions;
} relink_module_info;

// As decoding found it.
typedef struct relink_function_info {
  size_t size;
  relink_string name;  // Empty if none.
  uint64_t begin;      // A link address.
  uint64_t bytes;
  relink_string pinned;  // Why it must stay; empty if it may move.
} relink_function_info;

typedef struct relink_section_info {
  size_t size;
  relink_id module;
  relink_string name;
  uint32_t kind;          // RELINK_KIND_...
  uint32_t memory_class;  // RELINK_CODE to RELINK_TLS.
  uint32_t live;          // In the image: neither split nor dead.
  uint32_t split;         // Others were cut from it and stand for it.
  uint64_t bytes;
  uint64_t alignment;
  double weight;         // How often it runs.
  relink_id arena;       // RELINK_NONE: with its module's segments.
  relink_id parent;      // What it was cut from, or RELINK_NONE.
  relink_id owner;       // Of a jump table: the function that it goes with.
  relink_id symbol;      // The nameless one at its beginning.
  uint64_t home;         // Link address in the file, if `home_bytes`.
  uint64_t home_bytes;   // 0: no file has it.
  relink_string pinned;  // Why it must stay; empty if it may move.
  size_t fixups;
} relink_section_info;

typedef struct relink_symbol_info {
  size_t size;
  relink_string name;  // Empty if none.
  relink_id module;
  uint32_t definition;   // RELINK_UNDEFINED to RELINK_EXTERNAL.
  relink_id section;     // If RELINK_IN_SECTION, and
  uint64_t offset;       // how far into it.
  uint64_t address;      // If RELINK_EXTERNAL.
  uint64_t bytes;        // st_size.
  uint32_t type;         // STT_*
  uint32_t bind;         // STB_*
  uint32_t visibility;   // STV_*
  uint32_t is_exported;  // Others may ask for it by name.
} relink_symbol_info;

typedef struct relink_fixup_info {
  size_t size;
  uint64_t offset;      // In its section.
  relink_id target;     // A symbol.
  uint32_t relocation;  // R_* of the module's machine.
  int64_t addend;       // As in a relocation table.
  relink_string name;   // "R_X86_64_PC32"; not read.
} relink_fixup_info;

typedef struct relink_call_info {
  size_t size;
  relink_id caller;  // Sections.
  relink_id callee;
  double weight;
} relink_call_info;

typedef struct relink_arena_info {
  size_t size;
  relink_string name;
  uint32_t memory_class;
  uint32_t huge_pages;
} relink_arena_info;

typedef struct relink_remark {
  size_t size;
  uint32_t kind;          // RELINK_MOVED to RELINK_NOTE.
  relink_string module;   // Empty if none, as are
  relink_string subject;  // a function or section and
  relink_string address;  // where it is, as text.
  relink_string message;
} relink_remark;

// Types of options, and how they are written in a pipeline.
enum {
  RELINK_FLAG = 0,     // name
  RELINK_INTEGER = 1,  // name=-1
  RELINK_SIZE = 2,     // name=2M
  RELINK_REAL = 3,     // name=0.5
  RELINK_CHOICE = 4,   // name=a
  RELINK_TEXT = 5,     // name="a b"
  RELINK_LIST = 6      // name=[a,b]
};

typedef struct relink_option {
  relink_string name;
  uint32_t type;
  relink_string default_value;  // As it is written; empty: none, false, 0.
  relink_string help;           // One line.
  relink_string choices;        // "a|b", of a choice.
} relink_option;

typedef struct relink_option_value {
  size_t size;
  uint32_t type;
  uint32_t is_given;  // It was written.
  uint32_t flag;  // And the value, in the one of its type; a choice is text.
  int64_t integer;
  uint64_t bytes;
  double real;
  relink_string text;
  const relink_string* list;
  size_t list_size;
} relink_option_value;

typedef struct relink_host relink_host;          // See below.
typedef struct relink_registry relink_registry;  // While registering.
typedef struct relink_options relink_options;    // While making a pass.
typedef struct relink_run relink_run;            // While a callback runs.

// A pass. `data` is the plugin's own, and stays valid.
typedef struct relink_pass {
  size_t size;
  relink_string name;
  uint32_t unit;
  relink_code (*run)(const relink_host* host, relink_run* run, void* data,
                     void* state);
  // From here on, zero if there is none.
  void* data;
  relink_string help;         // One line.
  uint32_t least_capability;  // The least that it needs of modules.
  const relink_option* options;
  size_t option_count;
  size_t option_bytes;  // sizeof(relink_option), if there are any.
  // Reads the options into a state, which `destroy` ends.
  relink_code (*create)(const relink_host* host, relink_options* options,
                        void* data, void** state);
  void (*destroy)(void* state);
} relink_pass;

typedef void relink_write(void* to, relink_string text);

// An analysis: computed when a pass asks for it, and kept until a pass changes
// the unit without preserving it.
typedef struct relink_analysis {
  size_t size;
  relink_string name;
  uint32_t unit;  // Not RELINK_UNIT_MODULE.
  relink_code (*run)(const relink_host* host, relink_run* run, void* data,
                     void** result);
  void (*destroy)(void* result);
  // From here on, zero if there is none.
  void* data;
  relink_string help;
  // The result as text, for others than this plugin.
  void (*print)(const void* result, relink_write* write, void* to);
} relink_analysis;

// What a plugin is; it stays valid for as long as the library is loaded.
typedef struct relink_pass_plugin {
  size_t size;
  uint32_t api_version;  // RELINK_PASS_PLUGIN_API_VERSION
  relink_string name;
  relink_string version;
  relink_code (*register_passes)(const relink_host* host,
                                 relink_registry* registry);
} relink_pass_plugin;

// What Relink does for a plugin. Valid for as long as the library is loaded.
struct relink_host {
  size_t size;
  uint32_t api_version;

  // While registering. All of it or, if anything fails, none of it is added.
  relink_code (*add_pass)(relink_registry* registry, const relink_pass* pass);
  relink_code (*add_analysis)(relink_registry* registry,
                              const relink_analysis* analysis);
  relink_code (*fail_registration)(relink_registry* registry, relink_code code,
                                   relink_string message);

  // While making a pass. The value is valid until `create` returns.
  relink_code (*option_value)(relink_options* options, relink_string name,
                              relink_option_value* value);
  // Both return the code; the first shows the option in the pipeline.
  relink_code (*refuse_option)(relink_options* options, relink_string name,
                               relink_string message);
  relink_code (*fail_options)(relink_options* options, relink_code code,
                              relink_string message);

  // Everything else is while a pass or an analysis runs.
  // `fail` returns its code; `error` is the message of what failed last.
  relink_code (*fail)(relink_run* run, relink_code code, relink_string message);
  relink_string (*error)(const relink_run* run);
  uint32_t (*remarks_wanted)(const relink_run* run);
  relink_code (*remark)(relink_run* run, const relink_remark* remark);
  relink_code (*count)(relink_run* run, relink_string name, uint64_t value);

  // The result of an analysis of this plugin, valid until the unit changes:
  // at the latest until the pass returns.
  relink_code (*analysis)(relink_run* run, relink_string name,
                          const void** result);
  // That of any, if it has a text.
  relink_code (*analysis_text)(relink_run* run, relink_string name,
                               relink_string* text);
  // A pass that changes something says which analyses are still true; by
  // default none is.
  relink_code (*preserve)(relink_run* run, relink_string name);
  relink_code (*preserve_all)(relink_run* run);

  // The module that a pass over modules is about, or RELINK_NONE.
  relink_id (*current_module)(const relink_run* run);
  relink_code (*counts)(relink_run* run, relink_counts* counts);
  relink_code (*module_info)(relink_run* run, relink_id module,
                             relink_module_info* info);
  // Those of the file, ascending; `ids` has room for as many as the module has.
  relink_code (*module_sections)(relink_run* run, relink_id module,
                                 relink_id* ids, size_t count);
  relink_code (*function_info)(relink_run* run, relink_id module, size_t index,
                               relink_function_info* info);
  relink_code (*section_info)(relink_run* run, relink_id section,
                              relink_section_info* info);
  // Bytes behind these, as far as the section goes, are zeros. Valid until the
  // section is changed.
  relink_code (*section_bytes)(relink_run* run, relink_id section,
                               const uint8_t** bytes, size_t* count);
  relink_code (*symbol_info)(relink_run* run, relink_id symbol,
                             relink_symbol_info* info);
  // Ascending by offset.
  relink_code (*fixup_info)(relink_run* run, relink_id section, size_t index,
                            relink_fixup_info* info);
  relink_code (*call_info)(relink_run* run, size_t index,
                           relink_call_info* info);
  relink_code (*arena_info)(relink_run* run, relink_id arena,
                            relink_arena_info* info);
  // `ids` has room for relink_counts::order.
  relink_code (*order)(relink_run* run, relink_id* ids, size_t count);

  // Of passes over a graph or a module. `open` brings more of a module into the
  // graph, which ends results of analyses; `provide` opens it as far as the
  // pass's least capability needs, and says whether it has it, with a remark if
  // not.
  relink_code (*open)(relink_run* run, relink_id module, uint32_t depth);
  relink_code (*provide)(relink_run* run, relink_id module, uint32_t* capable);
  // A permutation of the order.
  relink_code (*set_order)(relink_run* run, const relink_id* ids, size_t count);
  relink_code (*set_weight)(relink_run* run, relink_id section, double weight);
  relink_code (*set_alignment)(relink_run* run, relink_id section,
                               uint64_t alignment);
  // Cannot be undone.
  relink_code (*pin)(relink_run* run, relink_id section, relink_string reason);
  // Nothing may refer to them any more.
  relink_code (*remove_sections)(relink_run* run, const relink_id* ids,
                                 size_t count);
  relink_code (*set_materialization)(relink_run* run, relink_id module,
                                     uint32_t materialization);
  relink_code (*add_arena)(relink_run* run, const relink_arena_info* info,
                           relink_id* arena);
  relink_code (*set_arena)(relink_run* run, relink_id section, relink_id arena);
  // Instead of those there were. Weights of the same pair are added up;
  // `call_bytes` is sizeof(relink_call_info).
  relink_code (*set_calls)(relink_run* run, const relink_call_info* calls,
                           size_t count, size_t call_bytes);
  // Reads module, name, memory_class, bytes, alignment and weight of `info`.
  // It and its symbol are new, it is the last of the order, and zeros.
  relink_code (*add_section)(relink_run* run, const relink_section_info* info,
                             relink_id* section);

  // Of all passes. Bytes lie in what the section has of them; after placement,
  // in what can be written now.
  relink_code (*write)(relink_run* run, relink_id section, uint64_t offset,
                       const uint8_t* bytes, size_t count);
  // It is not exported.
  relink_code (*add_symbol)(relink_run* run, const relink_symbol_info* info,
                            relink_id* symbol);
  relink_code (*set_fixup)(relink_run* run, relink_id section, size_t index,
                           const relink_fixup_info* info);
  // Not after placement.
  relink_code (*add_fixup)(relink_run* run, relink_id section,
                           const relink_fixup_info* info);

  // Of passes over what is placed.
  relink_code (*section_address)(relink_run* run, relink_id section,
                                 uint64_t* address);
  relink_code (*module_address)(relink_run* run, relink_id module,
                                uint64_t link_address, uint64_t* address);
  // 0 bytes if nothing is in it.
  relink_code (*arena_range)(relink_run* run, relink_id arena, uint64_t* begin,
                             uint64_t* bytes);
};

#if defined(__GNUC__)
__attribute__((visibility("default")))
#endif
const relink_pass_plugin*
relink_pass_plugin_info(void);

#ifdef __cplusplus
}
#endif
// NOLINTEND(readability-identifier-naming, modernize-*)

#endif  // RELINK_PLUGIN_RELINK_PASS_PLUGIN_H_
