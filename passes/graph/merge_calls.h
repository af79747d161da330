// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_GRAPH_MERGE_CALLS_H_
#define RELINK_PASSES_GRAPH_MERGE_CALLS_H_

#include <vector>

#include "relink/ir/link_graph.h"

namespace relink {

// Sorts `calls` by caller and callee and adds up those of the same pair.
void MergeCalls(std::vector<CallEdge>& calls);

}  // namespace relink

#endif  // RELINK_PASSES_GRAPH_MERGE_CALLS_H_
