// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/report/report_facts.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"

namespace relink::tools {
namespace {

// Rows of a table that anybody would read.
constexpr size_t kMostFunctions = 250;

std::string PlaceInArena(const PlannedLink& planned, SectionId id) {
  const SectionPlacement& placement = planned.layout.sections[id];
  return absl::StrCat(planned.graph.arenas[placement.arena_id].name, "+0x",
                      absl::Hex(placement.offset));
}

// The heaviest; if nothing says what runs, the largest of those that move.
std::vector<FunctionFacts> HeaviestFunctions(const PlannedLink& planned,
                                             const Refusals& refusals,
                                             double all) {
  const LinkGraph& graph = planned.graph;
  std::vector<SectionId> ids;
  for (uint32_t i = 0; i < graph.sections.size(); ++i) {
    const Section& section = graph.sections[SectionId(i)];
    if (!section.live() || section.kind != SectionKind::kFunction) continue;
    if (all > 0 ? section.weight > 0 : section.arena_id.has_value()) {
      ids.push_back(SectionId(i));
    }
  }
  const size_t count = std::min(ids.size(), kMostFunctions);
  std::ranges::partial_sort(
      ids, ids.begin() + static_cast<ptrdiff_t>(count), {}, [&](SectionId id) {
        const Section& section = graph.sections[id];
        return std::tuple(-section.weight, ~section.size, id);
      });
  std::vector<FunctionFacts> functions;
  double sum = 0;
  for (size_t i = 0; i < count; ++i) {
    const bool placed = planned.layout.IsPlaced(ids[i]);
    sum += graph.sections[ids[i]].weight;
    functions.push_back({.section_id = ids[i],
                         .cumulative = all > 0 ? sum / all : 0,
                         .place = placed ? PlaceInArena(planned, ids[i]) : "",
                         .why_stays = placed ? "" : refusals.ReasonOf(ids[i])});
  }
  return functions;
}

}  // namespace

ReportFacts CollectFacts(const PlannedLink& planned,
                         const std::vector<CollectedRemarks::Kept>& remarks) {
  const LinkGraph& graph = planned.graph;
  const Refusals refusals(graph, remarks);
  ReportFacts facts;
  facts.weighted = planned.metrics_after.weighted;
  facts.modules.resize(graph.modules.size());
  facts.arenas.resize(graph.arenas.size());
  for (uint32_t i = 0; i < graph.sections.size(); ++i) {
    const SectionId id(i);
    const Section& section = graph.sections[id];
    if (!section.live()) continue;
    if (section.arena_id.has_value()) {
      facts.arenas[section.arena_id.index()].contents.Add(section);
    }
    if (section.kind != SectionKind::kFunction) continue;
    ModuleFacts& module = facts.modules[section.module_id.index()];
    facts.all.Add(section);
    module.known.Add(section);
    if (section.arena_id.has_value()) {
      facts.moved.Add(section);
      module.moved.Add(section);
    } else if (!refusals.ReasonOf(id).empty()) {
      facts.refused.Add(section);
    } else {
      facts.left.Add(section);
    }
  }
  for (uint32_t i = 0; i < facts.modules.size(); ++i) {
    facts.modules[i].refusal = refusals.ReasonOf(ModuleId(i));
  }
  facts.functions = HeaviestFunctions(planned, refusals, facts.all.weight);
  facts.refusals = refusals.Groups();
  facts.heat_before = HeatOfFiles(graph);
  facts.heat_after = HeatOfLayout(graph, planned.layout);
  return facts;
}

}  // namespace relink::tools
