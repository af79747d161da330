// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_GRAPH_HOT_BLOCKS_H_
#define RELINK_PASSES_GRAPH_HOT_BLOCKS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "passes/graph/function_flow.h"

namespace relink {

// Which blocks of a function run, by number: those of `ran`, offsets of
// instructions that were seen to run; the first one; and, as samples miss short
// blocks, the fewest that lead from the first one to each of these and from
// these out of the function.
std::vector<bool> FindHotBlocks(const FunctionFlow& flow,
                                std::span<const uint32_t> ran);

}  // namespace relink

#endif  // RELINK_PASSES_GRAPH_HOT_BLOCKS_H_
