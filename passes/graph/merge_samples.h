// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_GRAPH_MERGE_SAMPLES_H_
#define RELINK_PASSES_GRAPH_MERGE_SAMPLES_H_

#include <vector>

#include "relink/ir/link_graph.h"

namespace relink {

// Brings samples into the order that a graph has them in, and makes one of
// those of the same place.
void MergeSamples(std::vector<Sample>& samples);

}  // namespace relink

#endif  // RELINK_PASSES_GRAPH_MERGE_SAMPLES_H_
