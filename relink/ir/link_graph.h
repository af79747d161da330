// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_IR_LINK_GRAPH_H_
#define RELINK_IR_LINK_GRAPH_H_

#include <any>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "relink/arch/target.h"
#include "relink/elf/dynamic.h"
#include "relink/ir/module_source.h"
#include "relink/support/address.h"
#include "relink/support/byte_view.h"
#include "relink/support/id.h"

namespace relink {

using ModuleId = Id<struct ModuleTag>;
// A module that the process already had; the host's table names it.
using HostModuleId = Id<struct HostModuleTag>;

enum class ModuleKind : uint8_t { kSharedObject, kExecutable };

// How far a module has been understood; each level includes those before it.
// A pass declares the least it needs.
enum class Capability : uint8_t {
  kOpaque,       // Its segments can be placed as a whole.
  kSectioned,    // Section data can be read and changed.
  kOverlayable,  // Functions are found and decoded.
  kReorderable,  // Every reference in and out is a known fixup.
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
  HostModuleId host_id = {};
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
  Capability capability = Capability::kOpaque;
  Materialization materialization = Materialization::kWhole;

  // The embedder's own; Relink carries it along.
  std::any user_data;
};

// The modules of one link: the root and everything that came with it, but
// nothing that the process already had.
struct LinkGraph {
  Table<ModuleId, Module> modules;
  ModuleId root_id;
};

absl::string_view Name(ModuleKind kind);
absl::string_view Name(Capability capability);
absl::string_view Name(Materialization materialization);

}  // namespace relink

#endif  // RELINK_IR_LINK_GRAPH_H_
