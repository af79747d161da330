// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/plugin/editing_functions.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "passes/module_unit.h"
#include "relink/ir/link_graph.h"
#include "relink/pass/capability_level.h"
#include "relink/pass/preserved_analyses.h"
#include "relink/plugin/run_handle.h"
#include "relink/plugin/sized_struct.h"
#include "relink/scan/open_module.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

// `number` as an enumeration that ends with `last`.
template <typename Enum>
absl::StatusOr<Enum> ReadEnum(uint32_t number, Enum last,
                              absl::string_view name) {
  if (number <= static_cast<uint32_t>(last)) return Enum(number);
  return absl::InvalidArgumentError(
      absl::StrCat("no ", name, " has the number ", number));
}

absl::StatusOr<Section*> EditableSection(relink_run* run, relink_id id) {
  ASSIGN_OR_RETURN(LinkGraph * graph, EditableGraph(run));
  RETURN_IF_ERROR(CheckSection(*graph, id));
  return &graph->sections[SectionId(id)];
}

absl::StatusOr<Module*> EditableModule(relink_run* run, relink_id id) {
  ASSIGN_OR_RETURN(LinkGraph * graph, EditableGraph(run));
  RETURN_IF_ERROR(CheckModule(*graph, id));
  return &graph->modules[ModuleId(id)];
}

absl::Status CheckWeight(double weight) {
  if (weight >= 0 && std::isfinite(weight)) return absl::OkStatus();
  return absl::InvalidArgumentError("weight is negative, or no number");
}

absl::Status Open(relink_run* run, relink_id id, uint32_t depth_number) {
  ASSIGN_OR_RETURN(const Module* module, EditableModule(run, id));
  ASSIGN_OR_RETURN(const OpenDepth depth,
                   ReadEnum(depth_number, OpenDepth::kFunctions, "depth"));
  if (module->depth >= depth) return absl::OkStatus();
  run->graph_analyses->Invalidate(*run->graph, PreservedAnalyses::None());
  return OpenModule(*run->graph, ModuleId(id), depth);
}

absl::Status Provide(relink_run* run, relink_id id, uint32_t* capable) {
  RETURN_IF_ERROR(EditableModule(run, id).status());
  ModuleUnit unit = {*run->graph, ModuleId(id), *run->graph_analyses};
  const CapabilityLevel needed = run->least_capability;
  ASSIGN_OR_RETURN(const CapabilityLevel provided, unit.Provide(needed));
  *capable = provided.level >= needed.level ? 1 : 0;
  if (*capable == 0) {
    RemarkIncapable(run->context.remarks(), run->pass, unit.name(), provided,
                    needed);
  }
  return absl::OkStatus();
}

absl::Status SetOrder(relink_run* run, const relink_id* ids, size_t count) {
  ASSIGN_OR_RETURN(LinkGraph * graph, EditableGraph(run));
  std::vector<SectionId> order;
  for (size_t i = 0; i < count; ++i) order.emplace_back(ids[i]);
  if (!std::ranges::is_permutation(order, graph->order)) {
    return absl::InvalidArgumentError("the new order is no permutation");
  }
  graph->order = std::move(order);
  return absl::OkStatus();
}

absl::Status SetWeight(relink_run* run, relink_id id, double weight) {
  ASSIGN_OR_RETURN(Section * section, EditableSection(run, id));
  RETURN_IF_ERROR(CheckWeight(weight));
  section->weight = weight;
  return absl::OkStatus();
}

absl::Status SetAlignment(relink_run* run, relink_id id, uint64_t alignment) {
  ASSIGN_OR_RETURN(Section * section, EditableSection(run, id));
  section->alignment = alignment;
  return absl::OkStatus();
}

absl::Status Pin(relink_run* run, relink_id id, absl::string_view reason) {
  ASSIGN_OR_RETURN(Section * section, EditableSection(run, id));
  if (reason.empty()) return absl::InvalidArgumentError("no reason to pin");
  if (!section->pinned.empty()) return absl::OkStatus();
  section->pinned = run->graph->KeepName(std::string(reason));
  section->arena_id = ArenaId();
  return absl::OkStatus();
}

absl::Status RemoveSections(relink_run* run, const relink_id* ids,
                            size_t count) {
  ASSIGN_OR_RETURN(LinkGraph * graph, EditableGraph(run));
  for (const relink_id id : std::span(ids, count)) {
    RETURN_IF_ERROR(CheckSection(*graph, id));
  }
  for (const relink_id id : std::span(ids, count)) {
    graph->sections[SectionId(id)].dead = true;
    graph->sections[SectionId(id)].arena_id = ArenaId();
  }
  std::erase_if(graph->order,
                [&](SectionId id) { return !graph->sections[id].live(); });
  return absl::OkStatus();
}

absl::Status SetMaterialization(relink_run* run, relink_id id,
                                uint32_t number) {
  ASSIGN_OR_RETURN(Module * module, EditableModule(run, id));
  ASSIGN_OR_RETURN(
      module->materialization,
      ReadEnum(number, Materialization::kArenas, "materialization"));
  return absl::OkStatus();
}

absl::Status AddArena(relink_run* run, const relink_arena_info* given,
                      relink_id* id) {
  ASSIGN_OR_RETURN(LinkGraph * graph, EditableGraph(run));
  ASSIGN_OR_RETURN(
      const relink_arena_info info,
      ReadSized(given, RELINK_SIZE_THROUGH(relink_arena_info, huge_pages),
                "relink_arena_info"));
  ASSIGN_OR_RETURN(
      const MemoryClass memory_class,
      ReadEnum(info.memory_class, MemoryClass::kTls, "memory class"));
  *id = graph->arenas
            .Add({std::string(View(info.name)), memory_class,
                  info.huge_pages != 0})
            .index();
  return absl::OkStatus();
}

absl::Status SetArena(relink_run* run, relink_id id, relink_id arena) {
  ASSIGN_OR_RETURN(Section * section, EditableSection(run, id));
  if (arena != RELINK_NONE) RETURN_IF_ERROR(CheckArena(*run->graph, arena));
  section->arena_id = ArenaId(arena);
  return absl::OkStatus();
}

absl::Status SetCalls(relink_run* run, const relink_call_info* calls,
                      size_t count, size_t stride) {
  ASSIGN_OR_RETURN(LinkGraph * graph, EditableGraph(run));
  if (count > 0 && stride < sizeof(size_t)) {
    return absl::InvalidArgumentError("call_bytes is too small");
  }
  std::vector<CallEdge> edges;
  for (size_t i = 0; i < count; ++i) {
    // An older plugin's are smaller than Relink's.
    const auto* call = reinterpret_cast<const relink_call_info*>(
        reinterpret_cast<const std::byte*>(calls) + i * stride);
    ASSIGN_OR_RETURN(
        const relink_call_info info,
        ReadSized(call, RELINK_SIZE_THROUGH(relink_call_info, weight),
                  "relink_call_info"));
    RETURN_IF_ERROR(CheckSection(*graph, info.caller));
    RETURN_IF_ERROR(CheckSection(*graph, info.callee));
    RETURN_IF_ERROR(CheckWeight(info.weight));
    edges.push_back(
        {SectionId(info.caller), SectionId(info.callee), info.weight});
  }
  const auto pair = [](const CallEdge& edge) {
    return std::pair(edge.caller_id, edge.callee_id);
  };
  std::ranges::stable_sort(edges, {}, pair);
  graph->calls.clear();
  for (const CallEdge& edge : edges) {
    if (!graph->calls.empty() && pair(graph->calls.back()) == pair(edge)) {
      graph->calls.back().weight += edge.weight;
    } else {
      graph->calls.push_back(edge);
    }
  }
  return absl::OkStatus();
}

absl::Status AddSection(relink_run* run, const relink_section_info* given,
                        relink_id* id) {
  // What fixups can name places in.
  constexpr uint64_t kMaxSize = uint64_t{1} << 30;

  ASSIGN_OR_RETURN(
      const relink_section_info info,
      ReadSized(given, RELINK_SIZE_THROUGH(relink_section_info, weight),
                "relink_section_info"));
  RETURN_IF_ERROR(EditableModule(run, info.module).status());
  LinkGraph& graph = *run->graph;
  if (info.bytes > kMaxSize) {
    return absl::OutOfRangeError("the section is larger than a GiB");
  }
  Section section;
  section.module_id = ModuleId(info.module);
  section.name = graph.KeepName(std::string(View(info.name)));
  section.kind = SectionKind::kMade;
  ASSIGN_OR_RETURN(
      section.memory_class,
      ReadEnum(info.memory_class, MemoryClass::kTls, "memory class"));
  section.size = info.bytes;
  section.alignment = info.alignment;
  section.weight = info.weight;
  section.contents = SectionContents(std::vector<std::byte>(info.bytes));
  const SectionId section_id = graph.sections.Add(std::move(section));
  Symbol symbol;
  symbol.module_id = ModuleId(info.module);
  symbol.definition = InSection{section_id, 0};
  graph.sections[section_id].symbol_id = graph.symbols.Add(symbol);
  graph.order.push_back(section_id);
  *id = section_id.index();
  return absl::OkStatus();
}

}  // namespace

void SetEditingFunctions(relink_host& host) {
  host.open = [](relink_run* run, relink_id module, uint32_t depth) {
    return Finish(run, Open(run, module, depth));
  };
  host.provide = [](relink_run* run, relink_id module, uint32_t* capable) {
    return Finish(run, Provide(run, module, capable));
  };
  host.set_order = [](relink_run* run, const relink_id* ids, size_t count) {
    return Finish(run, SetOrder(run, ids, count));
  };
  host.set_weight = [](relink_run* run, relink_id section, double weight) {
    return Finish(run, SetWeight(run, section, weight));
  };
  host.set_alignment = [](relink_run* run, relink_id section,
                          uint64_t alignment) {
    return Finish(run, SetAlignment(run, section, alignment));
  };
  host.pin = [](relink_run* run, relink_id section, relink_string reason) {
    return Finish(run, Pin(run, section, View(reason)));
  };
  host.remove_sections = [](relink_run* run, const relink_id* ids,
                            size_t count) {
    return Finish(run, RemoveSections(run, ids, count));
  };
  host.set_materialization = [](relink_run* run, relink_id module,
                                uint32_t materialization) {
    return Finish(run, SetMaterialization(run, module, materialization));
  };
  host.add_arena = [](relink_run* run, const relink_arena_info* info,
                      relink_id* arena) {
    return Finish(run, AddArena(run, info, arena));
  };
  host.set_arena = [](relink_run* run, relink_id section, relink_id arena) {
    return Finish(run, SetArena(run, section, arena));
  };
  host.set_calls = [](relink_run* run, const relink_call_info* calls,
                      size_t count, size_t call_bytes) {
    return Finish(run, SetCalls(run, calls, count, call_bytes));
  };
  host.add_section = [](relink_run* run, const relink_section_info* info,
                        relink_id* section) {
    return Finish(run, AddSection(run, info, section));
  };
}

}  // namespace relink
