// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_IR_LINK_GRAPH_H_
#define RELINK_IR_LINK_GRAPH_H_

#include <any>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "relink/arch/target.h"
#include "relink/elf/dynamic.h"
#include "relink/ir/function.h"
#include "relink/ir/module_source.h"
#include "relink/ir/section.h"
#include "relink/ir/symbol.h"
#include "relink/support/address.h"
#include "relink/support/byte_view.h"
#include "relink/support/id.h"
#include "relink/support/large_vector.h"

namespace relink {

// A module outside of the graph, which the process already had; whoever links
// knows what it means.
using ExternalId = Id<struct ExternalTag>;

enum class ModuleKind : uint8_t { kSharedObject, kExecutable };

// How far a module has been understood; each level includes those before it.
// A pass declares the least it needs.
enum class Capability : uint8_t {
  kOpaque,       // Its segments can be placed as a whole.
  kSectioned,    // Section data can be read and changed.
  kOverlayable,  // Functions are found and decoded.
  kReorderable,  // Every reference in and out is a known fixup.
};

// How much of a module is in the graph; each includes those before it. Only
// `OpenModule` (relink/scan/open_module.h) makes it more.
enum class OpenDepth : uint8_t {
  kClosed,     // Facts about the file as a whole.
  kSections,   // Its sections, as far as they are loaded.
  kSymbols,    // And its symbols.
  kFixups,     // And its relocations, dynamic and retained, as fixups.
  kFunctions,  // And its code, cut into functions and decoded: all references.
};

// Where a module's parts go.
enum class Materialization : uint8_t {
  kWhole,    // Its own segments, at their own distances.
  kOverlay,  // As kWhole, plus copies of chosen functions in arenas.
  kArenas,   // Every section where the layout says.
};

// A PT_LOAD segment.
struct Segment {
  LinkRange memory;  // p_vaddr, p_memsz.
  FileRange file;    // p_offset, p_filesz.
  uint64_t alignment = 1;
  bool writable = false;
  bool executable = false;
};

// A PT_TLS segment: the initial image of each thread's block.
struct TlsSegment {
  LinkRange image;  // p_vaddr, p_filesz: the rest of the block is zeros.
  uint64_t size = 0;
  uint64_t alignment = 1;
};

// A DT_NEEDED entry and what it was resolved to: exactly one of the ids.
struct Dependency {
  std::string name;
  ModuleId module_id = {};
  ExternalId external_id = {};
};

// One module to be linked. A closed one, which no pass opened, is these facts
// and its source: no sections, symbols or fixups are made for it.
struct Module {
  Module(ModuleSource module_source, const Target& module_target)
      : source(std::move(module_source)), target(&module_target) {}

  const std::string& name() const { return source.name(); }

  ModuleSource source;
  const Target* target;
  ModuleKind kind = ModuleKind::kSharedObject;
  bool position_independent = true;  // False for ET_EXEC.
  LinkAddr entry;
  std::string soname;       // Empty if none.
  std::string interpreter;  // PT_INTERP, empty if none.
  std::string rpath;        // DT_RPATH, empty if none.
  std::string runpath;      // DT_RUNPATH, empty if none.

  std::vector<Segment> segments;  // Ascending, apart from each other.
  ByteView program_headers;       // As the source has them.
  LinkRange dynamic_table;        // Empty if there is none.
  elf::Dynamic dynamic;
  std::optional<TlsSegment> tls;
  LinkRange relro;         // Empty if none.
  LinkRange eh_frame_hdr;  // Empty if none.

  std::vector<Dependency> dependencies;  // In DT_NEEDED order.
  OpenDepth depth = OpenDepth::kClosed;
  // Of its code, only functions that somebody asked for were opened, and no
  // fixups but theirs are in the graph, see OpenFunctionsAt.
  bool some_functions = false;
  ByteView file;  // All of the source's bytes; empty while it is closed.
  // The object files that it was made of, if it was; `source` is then made.
  std::vector<ModuleSource> objects;
  std::vector<SectionId> sections;  // Of kind kOutput, ascending by `home`.
  LargeVector<Function> functions;  // Ascending by `range`.
  std::vector<JumpTable> jump_tables;
  // Known once code is decoded; until then, as far as the headers tell.
  Capability capability = Capability::kOpaque;
  Materialization materialization = Materialization::kWhole;

  // The embedder's own; Relink carries it along.
  std::any user_data;
};

// `weight` calls or jumps from one section to another.
struct CallEdge {
  SectionId caller_id;
  SectionId callee_id;
  double weight = 0;
};

// `weight` of what ran was `offset` bytes into a section.
struct Sample {
  SectionId section_id;
  uint64_t offset = 0;
  double weight = 0;

  // By place.
  friend bool operator<(const Sample& a, const Sample& b) {
    return a.section_id != b.section_id ? a.section_id < b.section_id
                                        : a.offset < b.offset;
  }
};

// The modules of one link: the root and everything that came with it, but
// nothing that the process already had; and the sections, symbols and fixups of
// those that a pass opened. `VerifyGraph` says what holds between passes.
struct LinkGraph {
  Table<ModuleId, Module> modules;
  ModuleId root_id;

  Table<SectionId, Section> sections;
  Table<SymbolId, Symbol> symbols;
  Table<ArenaId, Arena> arenas;
  // Each live section of an opened module once: in its arena, sections lie in
  // this order.
  std::vector<SectionId> order;
  std::vector<CallEdge> calls;  // From profiles; merged by caller and callee.
  std::vector<Sample> samples;  // From profiles; ascending by place.

  // Text that names in the graph can refer to for as long as it lives.
  absl::string_view KeepName(std::string name) {
    return names.emplace_back(std::move(name));
  }
  std::deque<std::string> names;
};

absl::string_view Name(ModuleKind kind);
absl::string_view Name(Capability capability);
absl::string_view Name(OpenDepth depth);
absl::string_view Name(Materialization materialization);

}  // namespace relink

#endif  // RELINK_IR_LINK_GRAPH_H_
