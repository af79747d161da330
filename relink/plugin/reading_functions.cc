// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/plugin/reading_functions.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "relink/ir/link_graph.h"
#include "relink/plugin/run_handle.h"
#include "relink/plugin/sized_struct.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

// The C header's numbers are the enumerations'.
static_assert(static_cast<int>(Capability::kReorderable) == RELINK_REORDERABLE);
static_assert(static_cast<int>(OpenDepth::kFunctions) == RELINK_FUNCTIONS);
static_assert(static_cast<int>(Materialization::kArenas) == RELINK_ARENAS);
static_assert(static_cast<int>(MemoryClass::kTls) == RELINK_TLS);
static_assert(static_cast<int>(SectionKind::kStubs) == RELINK_KIND_STUBS);

const LinkGraph& GraphOf(const relink_run* run) { return *run->graph_to_read; }

absl::Status CheckIndex(size_t index, size_t count) {
  if (index < count) return absl::OkStatus();
  return absl::OutOfRangeError(
      absl::StrCat("no index ", index, ": there are ", count));
}

// Copies `from` to an array of exactly as many.
absl::Status CopyIds(std::span<const SectionId> from, relink_id* to,
                     size_t count) {
  if (count != from.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("room for ", count, " ids, there are ", from.size()));
  }
  std::ranges::transform(from, to, &SectionId::index);
  return absl::OkStatus();
}

absl::Status ReadModule(const LinkGraph& graph, relink_id id,
                        relink_module_info* info) {
  RETURN_IF_ERROR(CheckModule(graph, id));
  const Module& module = graph.modules[ModuleId(id)];
  relink_module_info filled = {};
  filled.name = PluginString(module.name());
  filled.soname = PluginString(module.soname);
  filled.is_executable = module.kind == ModuleKind::kExecutable ? 1 : 0;
  filled.depth = static_cast<uint32_t>(module.depth);
  filled.capability = static_cast<uint32_t>(module.capability);
  filled.materialization = static_cast<uint32_t>(module.materialization);
  filled.sections = module.sections.size();
  filled.functions = module.functions.size();
  return FillSized(filled, info);
}

absl::Status ReadFunction(const LinkGraph& graph, relink_id module_id,
                          size_t index, relink_function_info* info) {
  RETURN_IF_ERROR(CheckModule(graph, module_id));
  const Module& module = graph.modules[ModuleId(module_id)];
  RETURN_IF_ERROR(CheckIndex(index, module.functions.size()));
  const Function& function = module.functions[index];
  relink_function_info filled = {};
  filled.name = PluginString(function.name);
  filled.begin = function.range.begin.value();
  filled.bytes = function.range.size;
  filled.pinned = PluginString(function.pinned);
  return FillSized(filled, info);
}

absl::Status ReadSection(const LinkGraph& graph, relink_id id,
                         relink_section_info* info) {
  RETURN_IF_ERROR(CheckSection(graph, id));
  const Section& section = graph.sections[SectionId(id)];
  relink_section_info filled = {};
  filled.module = section.module_id.index();
  filled.name = PluginString(section.name);
  filled.kind = static_cast<uint32_t>(section.kind);
  filled.memory_class = static_cast<uint32_t>(section.memory_class);
  filled.live = section.live() ? 1 : 0;
  filled.split = section.split ? 1 : 0;
  filled.bytes = section.size;
  filled.alignment = section.alignment;
  filled.weight = section.weight;
  filled.arena = section.arena_id.index();
  filled.parent = section.parent_id.index();
  filled.owner = section.owner_id.index();
  filled.symbol = section.symbol_id.index();
  filled.home = section.home.begin.value();
  filled.home_bytes = section.home.size;
  filled.pinned = PluginString(section.pinned);
  filled.fixups = section.fixups.size();
  return FillSized(filled, info);
}

absl::Status ReadSymbol(const LinkGraph& graph, relink_id id,
                        relink_symbol_info* info) {
  RETURN_IF_ERROR(CheckSymbol(graph, id));
  const Symbol& symbol = graph.symbols[SymbolId(id)];
  relink_symbol_info filled = {};
  filled.name = PluginString(symbol.name);
  filled.module = symbol.module_id.index();
  filled.definition = static_cast<uint32_t>(symbol.definition.index());
  filled.section = RELINK_NONE;
  if (const auto* place = std::get_if<InSection>(&symbol.definition)) {
    filled.section = place->section_id.index();
    filled.offset = place->offset;
  } else if (const auto* known = std::get_if<External>(&symbol.definition)) {
    filled.address = known->address.value();
  }
  filled.bytes = symbol.size;
  filled.type = symbol.type;
  filled.bind = symbol.bind;
  filled.visibility = symbol.visibility;
  filled.is_exported = symbol.exported ? 1 : 0;
  return FillSized(filled, info);
}

absl::Status ReadFixup(const LinkGraph& graph, relink_id section_id,
                       size_t index, relink_fixup_info* info) {
  RETURN_IF_ERROR(CheckSection(graph, section_id));
  const Section& section = graph.sections[SectionId(section_id)];
  RETURN_IF_ERROR(CheckIndex(index, section.fixups.size()));
  const Fixup& fixup = section.fixups[index];
  relink_fixup_info filled = {};
  filled.offset = fixup.offset;
  filled.target = fixup.target.index();
  if (fixup.rule != nullptr) {
    filled.relocation = fixup.rule->r_type;
    filled.name = PluginString(fixup.rule->name);
  }
  filled.addend = fixup.addend;
  return FillSized(filled, info);
}

absl::Status ReadCall(const LinkGraph& graph, size_t index,
                      relink_call_info* info) {
  RETURN_IF_ERROR(CheckIndex(index, graph.calls.size()));
  const CallEdge& call = graph.calls[index];
  relink_call_info filled = {};
  filled.caller = call.caller_id.index();
  filled.callee = call.callee_id.index();
  filled.weight = call.weight;
  return FillSized(filled, info);
}

absl::Status ReadArena(const LinkGraph& graph, relink_id id,
                       relink_arena_info* info) {
  RETURN_IF_ERROR(CheckArena(graph, id));
  const Arena& arena = graph.arenas[ArenaId(id)];
  relink_arena_info filled = {};
  filled.name = PluginString(arena.name);
  filled.memory_class = static_cast<uint32_t>(arena.memory_class);
  filled.huge_pages = arena.huge_pages ? 1 : 0;
  return FillSized(filled, info);
}

absl::Status ReadCounts(const LinkGraph& graph, relink_counts* counts) {
  relink_counts filled = {};
  filled.modules = graph.modules.size();
  filled.sections = graph.sections.size();
  filled.symbols = graph.symbols.size();
  filled.arenas = graph.arenas.size();
  filled.order = graph.order.size();
  filled.calls = graph.calls.size();
  return FillSized(filled, counts);
}

// After placement, as they are in the image.
absl::Status ReadBytes(const relink_run* run, relink_id id,
                       const uint8_t** bytes, size_t* count) {
  const LinkGraph& graph = GraphOf(run);
  RETURN_IF_ERROR(CheckSection(graph, id));
  const Section& section = graph.sections[SectionId(id)];
  std::span<const std::byte> contents = section.contents.bytes();
  if (run->placed_to_read != nullptr) {
    RETURN_IF_ERROR(CheckIsPlaced(*run->placed_to_read, id));
    contents = run->placed_to_read->Bytes(SectionId(id));
  }
  *bytes = reinterpret_cast<const uint8_t*>(contents.data());
  *count = contents.size();
  return absl::OkStatus();
}

}  // namespace

void SetReadingFunctions(relink_host& host) {
  host.current_module = [](const relink_run* run) {
    return run->module_id.index();
  };
  host.counts = [](relink_run* run, relink_counts* counts) {
    return Finish(run, ReadCounts(GraphOf(run), counts));
  };
  host.module_info = [](relink_run* run, relink_id module,
                        relink_module_info* info) {
    return Finish(run, ReadModule(GraphOf(run), module, info));
  };
  host.module_sections = [](relink_run* run, relink_id module, relink_id* ids,
                            size_t count) {
    absl::Status status = CheckModule(GraphOf(run), module);
    if (status.ok()) {
      status =
          CopyIds(GraphOf(run).modules[ModuleId(module)].sections, ids, count);
    }
    return Finish(run, status);
  };
  host.function_info = [](relink_run* run, relink_id module, size_t index,
                          relink_function_info* info) {
    return Finish(run, ReadFunction(GraphOf(run), module, index, info));
  };
  host.section_info = [](relink_run* run, relink_id section,
                         relink_section_info* info) {
    return Finish(run, ReadSection(GraphOf(run), section, info));
  };
  host.section_bytes = [](relink_run* run, relink_id section,
                          const uint8_t** bytes, size_t* count) {
    return Finish(run, ReadBytes(run, section, bytes, count));
  };
  host.symbol_info = [](relink_run* run, relink_id symbol,
                        relink_symbol_info* info) {
    return Finish(run, ReadSymbol(GraphOf(run), symbol, info));
  };
  host.fixup_info = [](relink_run* run, relink_id section, size_t index,
                       relink_fixup_info* info) {
    return Finish(run, ReadFixup(GraphOf(run), section, index, info));
  };
  host.call_info = [](relink_run* run, size_t index, relink_call_info* info) {
    return Finish(run, ReadCall(GraphOf(run), index, info));
  };
  host.arena_info = [](relink_run* run, relink_id arena,
                       relink_arena_info* info) {
    return Finish(run, ReadArena(GraphOf(run), arena, info));
  };
  host.order = [](relink_run* run, relink_id* ids, size_t count) {
    return Finish(run, CopyIds(GraphOf(run).order, ids, count));
  };
}

}  // namespace relink
