// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_GRAPH_FUNCTION_PARTS_H_
#define RELINK_PASSES_GRAPH_FUNCTION_PARTS_H_

#include <vector>

#include "relink/ir/link_graph.h"
#include "relink/ir/split_section.h"

namespace relink {

// Where to cut the code of a module that OpenModule has opened as far as its
// functions: a part for each, with the padding behind it, and one that stays
// for everything else between two.
std::vector<SectionCut> CutIntoFunctions(LinkGraph& graph, ModuleId id);

}  // namespace relink

#endif  // RELINK_PASSES_GRAPH_FUNCTION_PARTS_H_
