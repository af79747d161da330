// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_ORDERING_FUNCTION_ORDER_H_
#define RELINK_PASSES_ORDERING_FUNCTION_ORDER_H_

#include <span>
#include <vector>

#include "relink/ir/link_graph.h"

namespace relink {

// A part of a graph that passes may bring into any order: a live function that
// is not pinned.
bool IsOrderable(const Section& section);

// Those of a graph, in its order.
std::vector<SectionId> OrderableFunctions(const LinkGraph& graph);

// Puts `functions`, all that are orderable, first in the graph's order. What
// remains keeps its order, since data is found by its distance from other data;
// but jump tables follow each other as their functions do.
void ApplyFunctionOrder(std::span<const SectionId> functions, LinkGraph& graph);

}  // namespace relink

#endif  // RELINK_PASSES_ORDERING_FUNCTION_ORDER_H_
