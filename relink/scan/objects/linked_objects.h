// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_OBJECTS_LINKED_OBJECTS_H_
#define RELINK_SCAN_OBJECTS_LINKED_OBJECTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"
#include "relink/scan/objects/object_symbols.h"

namespace relink {

// Where a section of an object file went: `offset` bytes into one of the graph.
struct InputPlace {
  SectionId section_id;
  uint64_t offset = 0;
  // An array of functions to call whose order is reversed (.ctors, .dtors).
  bool reversed = false;
  // Index of LinkedObjects::merged, if its strings went their own ways.
  static constexpr uint32_t kWhole = UINT32_MAX;
  uint32_t merged = kWhole;
};

// A string of a section, from `begin` there, and where it went.
struct MergedString {
  uint32_t begin = 0;
  uint32_t offset = 0;
};

// A relocation that binds a word to a symbol by its name, or that needs what
// only loading knows.
struct DynamicRelocation {
  SectionId section_id;
  uint64_t offset = 0;
  const RelocationRule* rule = nullptr;
  uint32_t symbol = GroupSymbol::kNone;
  int64_t addend = 0;
  SectionId addend_section_id =
      {};  // If there is one, the addend counts from it.
};

// One module in the making: what the steps of LinkObjects hand on to each
// other.
struct LinkedObjects {
  LinkGraph* graph = nullptr;
  ModuleId module_id;
  const Target* target = nullptr;
  const ObjectSymbols* symbols = nullptr;

  // By object and section.
  std::vector<std::vector<InputPlace>> places;
  // By InputPlace::merged; ascending, from the beginning of a section.
  std::vector<std::vector<MergedString>> merged;
  // By the ids of `symbols`: none until something refers to it.
  std::vector<SymbolId> symbol_ids;
  // Sections of .eh_frame, as object and section.
  std::vector<std::pair<uint32_t, uint32_t>> frames;
  // Those that have one, in a module made of object files.
  SectionId tls_image_id;  // .tdata
  SectionId tls_zeros_id;  // .tbss
  SectionId init_array_id;
  SectionId fini_array_id;
  SectionId got_id;
  SectionId fini_id;  // The function for DT_FINI.
  // By id of a section: of SHF_X86_64_LARGE, out of everybody's way.
  std::vector<bool> large;

  // Undefined ones that something binds to, in the order of their stubs; and
  // those that are thread-local.
  std::vector<uint32_t> undefined;
  std::vector<uint32_t> undefined_tls;
  std::vector<DynamicRelocation> relocations;

  Section& section(SectionId id) { return graph->sections[id]; }

  // A section of this module with a symbol at its beginning, in the order.
  SectionId AddSection(absl::string_view name, SectionKind kind,
                       MemoryClass memory_class);
  // Where `offset` bytes into a section of an object went, as an offset into
  // the section of the graph.
  uint64_t OffsetOf(const InputPlace& place, uint64_t offset) const;
  // Where a thread's block has what is `place`.
  uint64_t BlockOffset(const InSection& place) const;
};

}  // namespace relink

#endif  // RELINK_SCAN_OBJECTS_LINKED_OBJECTS_H_
