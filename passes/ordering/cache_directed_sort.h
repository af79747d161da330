// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_ORDERING_CACHE_DIRECTED_SORT_H_
#define RELINK_PASSES_ORDERING_CACHE_DIRECTED_SORT_H_

#include <cstdint>
#include <vector>

#include "passes/ordering/weighted_calls.h"

namespace relink {

// What a program's code is fetched through.
struct FetchModel {
  uint32_t entries = 16;      // Of a small cache of pages,
  double size = 2048;         // of so many bytes.
  uint32_t most = 128;        // Functions in a chain.
  double miss_factor = 0.25;  // Of misses, beside distances.
};

// Cache-directed sort, after what Newell and Pupyrev describe for functions
// ("Improved Basic Block Reordering", IEEE Transactions on Computers, 2020):
// chains of functions, at first of one each, are merged in pairs, always the
// two that gain most by it. A gain has two parts: calls between the two become
// short (one over a distance d is worth the fourth root of 1/d), and the chain
// is dense, so that its page is more often still in a cache. Then chains are
// sorted by how much they run per byte. What never runs comes last, in its
// present order.
//
// The numbers of `calls.functions`, each once. The same for the same input.
// Takes time in proportion to the calls, times a logarithm and, at most, the
// functions of a chain.
std::vector<uint32_t> SortCacheDirected(const WeightedCalls& calls,
                                        const FetchModel& model = {});

}  // namespace relink

#endif  // RELINK_PASSES_ORDERING_CACHE_DIRECTED_SORT_H_
