// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/ordering/function_order.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace relink {

bool IsOrderable(const Section& section) {
  return section.live() && section.kind == SectionKind::kFunction &&
         section.pinned.empty();
}

std::vector<SectionId> OrderableFunctions(const LinkGraph& graph) {
  std::vector<SectionId> functions;
  functions.reserve(graph.order.size());
  for (const SectionId id : graph.order) {
    if (IsOrderable(graph.sections[id])) functions.push_back(id);
  }
  return functions;
}

void ApplyFunctionOrder(std::span<const SectionId> functions,
                        LinkGraph& graph) {
  std::vector<SectionId> order(functions.begin(), functions.end());
  order.reserve(graph.order.size());
  std::vector<SectionId> tables;
  for (const SectionId id : graph.order) {
    const Section& section = graph.sections[id];
    if (IsOrderable(section)) continue;
    order.push_back(id);
    if (section.kind == SectionKind::kJumpTable) tables.push_back(id);
  }
  if (!tables.empty()) {
    std::vector<size_t> position(graph.sections.size(), SIZE_MAX);
    for (size_t i = 0; i < order.size(); ++i) position[order[i].index()] = i;
    // A table takes the place of the one that it comes instead of.
    std::ranges::stable_sort(tables, {}, [&](SectionId id) {
      return position[graph.sections[id].owner_id.index()];
    });
    size_t next = 0;
    for (SectionId& id : order) {
      if (graph.sections[id].kind == SectionKind::kJumpTable) {
        id = tables[next++];
      }
    }
  }
  graph.order = std::move(order);
}

}  // namespace relink
