// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/plan/planned_link.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "passes/analysis/call_graph.h"
#include "relink/ir/module_source.h"
#include "relink/link/scan_closure.h"
#include "relink/link/search_path_resolver.h"
#include "relink/pass/analysis_manager.h"
#include "relink/runtime/host_modules.h"
#include "relink/scan/scan_module.h"
#include "relink/scan/unwind_tables.h"
#include "relink/support/address.h"
#include "relink/support/status_macros.h"

namespace relink::tools {
namespace {

constexpr uint64_t kPage = 4096;

// Sections of the file as they lie in memory: .tbss lies nowhere.
bool LiesAtHome(const Section& section) {
  return !section.split && section.home != LinkRange() &&
         section.kind != SectionKind::kJumpTable &&
         (section.memory_class != MemoryClass::kTls ||
          section.contents.size() != 0);
}

// Adds what lies where the file has it, `shift` further; of an opened module
// those sections that `wanted` takes.
template <typename Wanted>
void AddAtHome(const LinkGraph& graph, ModuleId id, uint32_t reservation,
               uint64_t shift, Wanted wanted, std::vector<PlannedPart>& parts) {
  const Module& module = graph.modules[id];
  if (module.depth == OpenDepth::kClosed) {
    for (uint32_t i = 0; i < module.segments.size(); ++i) {
      const LinkRange memory = module.segments[i].memory;
      parts.push_back({id, SectionId(), i, reservation,
                       memory.begin.value() + shift, memory.size});
    }
    return;
  }
  for (uint32_t i = 0; i < graph.sections.size(); ++i) {
    const Section& section = graph.sections[SectionId(i)];
    if (section.module_id != id || !LiesAtHome(section) ||
        !wanted(SectionId(i))) {
      continue;
    }
    parts.push_back({id, SectionId(i), 0, reservation,
                     section.home.begin.value() + shift, section.size});
  }
}

void SortByAddress(std::vector<PlannedPart>& parts) {
  std::ranges::stable_sort(parts, {}, [](const PlannedPart& part) {
    return std::tuple(part.reservation, part.offset);
  });
}

std::vector<PlannedPart> PartsBefore(const LinkGraph& graph) {
  std::vector<PlannedPart> parts;
  uint64_t next = 0;
  for (uint32_t i = 0; i < graph.modules.size(); ++i) {
    const Module& module = graph.modules[ModuleId(i)];
    const uint64_t begin =
        AlignDown(module.segments.front().memory.begin.value(), kPage);
    const uint64_t end =
        AlignUp(module.segments.back().memory.end().value(), kPage);
    AddAtHome(
        graph, ModuleId(i), 0, next - begin, [](SectionId) { return true; },
        parts);
    next += end - begin;
  }
  SortByAddress(parts);
  return parts;
}

std::vector<PlannedPart> PartsAfter(const LinkGraph& graph,
                                    const Layout& layout) {
  std::vector<PlannedPart> parts;
  for (uint32_t i = 0; i < graph.modules.size(); ++i) {
    const ModuleId id(i);
    const ModulePlacement& placement = layout.modules[id];
    if (placement.span.size == 0) continue;
    // Where a copy of a function is used, what stays behind is not shown.
    AddAtHome(
        graph, id, placement.reservation,
        placement.offset - placement.span.begin.value(),
        [&](SectionId section_id) {
          return !layout.IsPlaced(section_id) &&
                 graph.sections[section_id].live();
        },
        parts);
  }
  for (uint32_t i = 0; i < graph.sections.size(); ++i) {
    const SectionId id(i);
    if (!graph.sections[id].live() || !layout.IsPlaced(id)) continue;
    const SectionPlacement& placement = layout.sections[id];
    const ArenaPlacement& arena = layout.arenas[placement.arena_id];
    parts.push_back({graph.sections[id].module_id, id, 0, arena.reservation,
                     arena.offset + placement.offset, graph.sections[id].size});
  }
  SortByAddress(parts);
  return parts;
}

}  // namespace

absl::StatusOr<PlannedLink> PlanLink(absl::string_view path,
                                     const Pipeline* pipeline) {
  SearchPathResolver resolver;
  ASSIGN_OR_RETURN(ModuleSource source, ModuleSource::Open(path));
  ASSIGN_OR_RETURN(Module root, ScanModule(std::move(source)));
  ASSIGN_OR_RETURN(Closure closure,
                   ScanClosure(std::move(root), {.resolver = resolver}));
  LinkGraph graph = std::move(closure.graph);
  if (pipeline != nullptr) {
    RETURN_IF_ERROR(RunGraphPasses(*pipeline, graph));
    RETURN_IF_ERROR(AddUnwindTables(graph));
  }
  ASSIGN_OR_RETURN(Layout layout, PlanLayout(graph, {.page_size = kPage}));

  AnalysisManager<LinkGraph> analyses;
  ASSIGN_OR_RETURN(const CallGraph::Result* calls,
                   analyses.Get<CallGraph>(graph));
  ASSIGN_OR_RETURN(const LayoutMetrics::Result* after,
                   analyses.Get<LayoutMetrics>(graph));
  const LayoutMetrics::Result before = MeasureFiles(graph, *calls);
  const LayoutMetrics::Result metrics_after = *after;
  std::vector<PlannedPart> parts_before = PartsBefore(graph);
  std::vector<PlannedPart> parts_after = PartsAfter(graph, layout);
  return PlannedLink{.graph = std::move(graph),
                     .layout = std::move(layout),
                     .before = std::move(parts_before),
                     .after = std::move(parts_after),
                     .metrics_before = before,
                     .metrics_after = metrics_after};
}

}  // namespace relink::tools
