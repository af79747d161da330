// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_GRAPH_DROP_SECTION_H_
#define RELINK_PASSES_GRAPH_DROP_SECTION_H_

#include <vector>

#include "relink/ir/link_graph.h"

namespace relink {

// Marks sections dead, takes them out of the order and of calls, and has their
// unwind records cover no code, so that nothing refers to them from there.
// Precondition: nothing else does.
void DropSections(const std::vector<SectionId>& sections, LinkGraph& graph);

}  // namespace relink

#endif  // RELINK_PASSES_GRAPH_DROP_SECTION_H_
