// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_ORDERING_WEIGHTED_CALLS_H_
#define RELINK_PASSES_ORDERING_WEIGHTED_CALLS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "passes/analysis/call_graph.h"
#include "relink/ir/link_graph.h"

namespace relink {

// What an algorithm that orders functions knows of them: numbers. Functions are
// numbered from 0, in their present order.
struct WeightedCalls {
  struct Function {
    uint64_t size = 0;  // Not 0.
    double weight = 0;  // How often it runs.
  };
  struct Call {
    uint32_t caller;
    uint32_t callee;    // Another one.
    uint64_t offset;    // Into the caller, about.
    double weight = 0;  // More than 0.
  };

  std::vector<Function> functions;
  std::vector<Call> calls;  // Each pair at most once.
};

// Of `functions`, from what runs and calls. Where nothing says how often
// something runs, each place that calls it counts as once.
WeightedCalls WeighCalls(const LinkGraph& graph,
                         const CallGraph::Result& call_graph,
                         std::span<const SectionId> functions);

}  // namespace relink

#endif  // RELINK_PASSES_ORDERING_WEIGHTED_CALLS_H_
