// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_ORDERING_CALL_CHAIN_CLUSTERING_H_
#define RELINK_PASSES_ORDERING_CALL_CHAIN_CLUSTERING_H_

#include <cstdint>
#include <vector>

#include "passes/ordering/weighted_calls.h"

namespace relink {

// C3 (Ottoni and Maher, "Optimizing Function Placement for Large-Scale
// Data-Center Applications", CGO 2017): from the hottest function on, each is
// put behind the cluster of the one that calls it most, unless that makes a
// cluster larger than `max_cluster_size` or much colder than it was; then
// clusters are sorted by how much they run per byte. What never runs comes
// last, in its present order.
//
// The numbers of `calls.functions`, each once. The same for the same input;
// takes time in proportion to it, but for sorting.
std::vector<uint32_t> ClusterCallChains(const WeightedCalls& calls,
                                        uint64_t max_cluster_size);

}  // namespace relink

#endif  // RELINK_PASSES_ORDERING_CALL_CHAIN_CLUSTERING_H_
