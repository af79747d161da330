// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/merge_calls.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace relink {

void MergeCalls(std::vector<CallEdge>& calls) {
  const auto pair = [](const CallEdge& call) {
    return std::pair(call.caller_id, call.callee_id);
  };
  std::ranges::stable_sort(calls, {}, pair);
  size_t kept = 0;
  for (size_t i = 0; i < calls.size(); ++i) {
    if (kept > 0 && pair(calls[kept - 1]) == pair(calls[i])) {
      calls[kept - 1].weight += calls[i].weight;
    } else {
      calls[kept++] = calls[i];
    }
  }
  calls.resize(kept);
}

}  // namespace relink
