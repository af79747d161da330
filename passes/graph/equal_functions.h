// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_GRAPH_EQUAL_FUNCTIONS_H_
#define RELINK_PASSES_GRAPH_EQUAL_FUNCTIONS_H_

#include <vector>

#include "relink/ir/link_graph.h"

namespace relink {

// Groups of two or more functions of one module that do the same, whichever of
// a group the others are replaced by: the same bytes but for references, the
// same references, where those to functions of one group are the same, and the
// same unwind instructions. Groups and their members ascend.
//
// Left out are functions that are pinned, have a jump table, language-specific
// data, or no contents, and modules whose references are not all known.
//
// By refining a partition: at first what looks equal alone, then again by the
// groups of what is referred to, until nothing changes. If that does not come
// to an end soon, as for chains of calls made to that end, there are no groups.
std::vector<std::vector<SectionId>> FindEqualFunctions(const LinkGraph& graph);

}  // namespace relink

#endif  // RELINK_PASSES_GRAPH_EQUAL_FUNCTIONS_H_
