// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_ANALYSIS_CALL_CYCLES_H_
#define RELINK_PASSES_ANALYSIS_CALL_CYCLES_H_

#include <vector>

#include "passes/analysis/call_graph.h"

namespace relink {

// Whether each section calls itself, at once or through others: whether it is
// on a cycle of the call graph. Takes time in proportion to it.
std::vector<bool> FindCallCycles(const CallGraph::Result& calls);

}  // namespace relink

#endif  // RELINK_PASSES_ANALYSIS_CALL_CYCLES_H_
