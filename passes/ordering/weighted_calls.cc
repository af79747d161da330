// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/ordering/weighted_calls.h"

#include <algorithm>

namespace relink {

WeightedCalls WeighCalls(const LinkGraph& graph,
                         const CallGraph::Result& call_graph,
                         std::span<const SectionId> functions) {
  constexpr uint32_t kNone = UINT32_MAX;
  WeightedCalls weighted;
  std::vector<uint32_t> numbers(graph.sections.size(), kNone);
  bool has_weights = false;
  for (const SectionId id : functions) {
    const Section& section = graph.sections[id];
    numbers[id.index()] = static_cast<uint32_t>(weighted.functions.size());
    weighted.functions.push_back(
        {std::max<uint64_t>(section.size, 1), section.weight});
    has_weights |= section.weight > 0;
  }
  for (const CallGraph::Edge& edge : call_graph.edges) {
    const uint32_t caller = numbers[edge.caller_id.index()];
    const uint32_t callee = numbers[edge.callee_id.index()];
    if (caller == callee || caller == kNone || callee == kNone) continue;
    if (!(edge.weight > 0)) continue;
    weighted.calls.push_back(
        {caller, callee, weighted.functions[caller].size / 2, edge.weight});
    if (!has_weights) weighted.functions[callee].weight += edge.weight;
  }
  return weighted;
}

}  // namespace relink
