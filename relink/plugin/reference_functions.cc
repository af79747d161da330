// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/plugin/reference_functions.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "relink/arch/relocation_rule.h"
#include "relink/ir/link_graph.h"
#include "relink/plugin/run_handle.h"
#include "relink/plugin/sized_struct.h"
#include "relink/stage/placed_graph.h"
#include "relink/support/address.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

// The bytes of a section that may be written now.
absl::StatusOr<std::span<std::byte>> EditableBytes(relink_run* run,
                                                   relink_id id) {
  if (run->placed == nullptr) {
    ASSIGN_OR_RETURN(LinkGraph * graph, EditableGraph(run));
    RETURN_IF_ERROR(CheckSection(*graph, id));
    return std::span<std::byte>(
        graph->sections[SectionId(id)].contents.Mutable());
  }
  PlacedGraph& placed = *run->placed;
  RETURN_IF_ERROR(CheckIsPlaced(placed, id));
  if (placed.layout().IsPlaced(SectionId(id))) {
    return placed.Bytes(SectionId(id));
  }
  const Section& section = placed.section(SectionId(id));
  return placed.WritableBytes(section.module_id, section.home);
}

absl::Status Write(relink_run* run, relink_id id, uint64_t offset,
                   const uint8_t* bytes, size_t count) {
  ASSIGN_OR_RETURN(const std::span<std::byte> into, EditableBytes(run, id));
  if (offset > into.size() || count > into.size() - offset) {
    return absl::OutOfRangeError(absl::StrCat("section ", id, " has ",
                                              into.size(), " bytes, not ",
                                              count, " at ", offset));
  }
  if (count > 0) std::memcpy(into.data() + offset, bytes, count);
  return absl::OkStatus();
}

absl::StatusOr<decltype(Symbol::definition)> ReadDefinition(
    const LinkGraph& graph, const relink_symbol_info& info) {
  switch (info.definition) {
    case RELINK_UNDEFINED:
      return Undefined();
    case RELINK_IN_SECTION:
      RETURN_IF_ERROR(CheckSection(graph, info.section));
      return InSection{SectionId(info.section), info.offset};
    case RELINK_EXTERNAL:
      return External{RuntimeAddr(info.address)};
    default:
      return absl::InvalidArgumentError(
          absl::StrCat("no definition has the number ", info.definition));
  }
}

absl::Status AddSymbol(relink_run* run, const relink_symbol_info* given,
                       relink_id* id) {
  ASSIGN_OR_RETURN(
      const relink_symbol_info info,
      ReadSized(given, RELINK_SIZE_THROUGH(relink_symbol_info, is_exported),
                "relink_symbol_info"));
  RETURN_IF_ERROR(CheckModule(*run->graph_to_read, info.module));
  Symbol symbol;
  symbol.module_id = ModuleId(info.module);
  ASSIGN_OR_RETURN(symbol.definition,
                   ReadDefinition(*run->graph_to_read, info));
  symbol.size = info.bytes;
  symbol.type = static_cast<uint8_t>(info.type);
  symbol.bind = static_cast<uint8_t>(info.bind);
  symbol.visibility = static_cast<uint8_t>(info.visibility);
  if (run->placed != nullptr) {
    if (info.name.size > 0) {
      return absl::FailedPreconditionError(
          "after placement, symbols have no names");
    }
    *id = run->placed->AddSymbol(symbol).index();
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(LinkGraph * graph, EditableGraph(run));
  if (info.name.size > 0) {
    symbol.name = graph->KeepName(std::string(View(info.name)));
  }
  *id = graph->symbols.Add(symbol).index();
  return absl::OkStatus();
}

absl::StatusOr<Fixup> ReadFixup(const LinkGraph& graph, const Section& section,
                                const relink_fixup_info* given) {
  ASSIGN_OR_RETURN(
      const relink_fixup_info info,
      ReadSized(given, RELINK_SIZE_THROUGH(relink_fixup_info, addend),
                "relink_fixup_info"));
  if (info.offset >= section.size || info.offset >> 30 != 0) {
    return absl::OutOfRangeError(
        absl::StrCat("fixup at ", info.offset, " of ", section.size, " bytes"));
  }
  RETURN_IF_ERROR(CheckSymbol(graph, info.target));
  const Target& target = *graph.modules[section.module_id].target;
  const RelocationRule& rule = target.Rule(info.relocation);
  if (rule.formula == Formula::kUnknown) {
    return absl::InvalidArgumentError(
        absl::StrCat(target.name, ": no relocation ", info.relocation));
  }
  Fixup fixup;
  fixup.offset = static_cast<uint32_t>(info.offset) & ((1u << 30) - 1);
  fixup.origin = FixupOrigin::kMade;
  fixup.target = SymbolId(info.target);
  fixup.rule = &rule;
  fixup.addend = info.addend;
  return fixup;
}

absl::Status SetFixup(relink_run* run, relink_id id, size_t index,
                      const relink_fixup_info* given) {
  if (run->placed == nullptr) RETURN_IF_ERROR(EditableGraph(run).status());
  const LinkGraph& graph = *run->graph_to_read;
  RETURN_IF_ERROR(CheckSection(graph, id));
  const Section& section = graph.sections[SectionId(id)];
  if (index >= section.fixups.size()) {
    return absl::OutOfRangeError(absl::StrCat(
        "no fixup ", index, ": there are ", section.fixups.size()));
  }
  ASSIGN_OR_RETURN(Fixup fixup, ReadFixup(graph, section, given));
  fixup.origin = section.fixups[index].origin;
  if (run->placed != nullptr) {
    run->placed->fixups(SectionId(id))[index] = fixup;
  } else {
    run->graph->sections[SectionId(id)].fixups[index] = fixup;
  }
  return absl::OkStatus();
}

absl::Status AddFixup(relink_run* run, relink_id id,
                      const relink_fixup_info* given) {
  ASSIGN_OR_RETURN(LinkGraph * graph, EditableGraph(run));
  RETURN_IF_ERROR(CheckSection(*graph, id));
  Section& section = graph->sections[SectionId(id)];
  ASSIGN_OR_RETURN(const Fixup fixup, ReadFixup(*graph, section, given));
  const auto behind = std::ranges::upper_bound(
      section.fixups, fixup.offset, {},
      [](const Fixup& other) { return uint32_t{other.offset}; });
  section.fixups.insert(behind, fixup);
  return absl::OkStatus();
}

absl::Status FindSectionAddress(const relink_run* run, relink_id id,
                                uint64_t* address) {
  ASSIGN_OR_RETURN(const PlacedGraph* placed, PlacedGraphOf(run));
  RETURN_IF_ERROR(CheckIsPlaced(*placed, id));
  *address = placed->At(SectionId(id)).value();
  return absl::OkStatus();
}

absl::Status FindModuleAddress(const relink_run* run, relink_id id,
                               uint64_t link_address, uint64_t* address) {
  ASSIGN_OR_RETURN(const PlacedGraph* placed, PlacedGraphOf(run));
  RETURN_IF_ERROR(CheckModule(placed->graph(), id));
  *address = placed->placed(ModuleId(id)).At(LinkAddr(link_address)).value();
  return absl::OkStatus();
}

absl::Status FindArenaRange(const relink_run* run, relink_id id,
                            uint64_t* begin, uint64_t* bytes) {
  ASSIGN_OR_RETURN(const PlacedGraph* placed, PlacedGraphOf(run));
  RETURN_IF_ERROR(CheckArena(placed->graph(), id));
  const RuntimeRange range = placed->ArenaRange(ArenaId(id));
  *begin = range.begin.value();
  *bytes = range.size;
  return absl::OkStatus();
}

}  // namespace

void SetReferenceFunctions(relink_host& host) {
  host.write = [](relink_run* run, relink_id section, uint64_t offset,
                  const uint8_t* bytes, size_t count) {
    return Finish(run, Write(run, section, offset, bytes, count));
  };
  host.add_symbol = [](relink_run* run, const relink_symbol_info* info,
                       relink_id* symbol) {
    return Finish(run, AddSymbol(run, info, symbol));
  };
  host.set_fixup = [](relink_run* run, relink_id section, size_t index,
                      const relink_fixup_info* info) {
    return Finish(run, SetFixup(run, section, index, info));
  };
  host.add_fixup = [](relink_run* run, relink_id section,
                      const relink_fixup_info* info) {
    return Finish(run, AddFixup(run, section, info));
  };
  host.section_address = [](relink_run* run, relink_id section,
                            uint64_t* address) {
    return Finish(run, FindSectionAddress(run, section, address));
  };
  host.module_address = [](relink_run* run, relink_id module,
                           uint64_t link_address, uint64_t* address) {
    return Finish(run, FindModuleAddress(run, module, link_address, address));
  };
  host.arena_range = [](relink_run* run, relink_id arena, uint64_t* begin,
                        uint64_t* bytes) {
    return Finish(run, FindArenaRange(run, arena, begin, bytes));
  };
}

}  // namespace relink
