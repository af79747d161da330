// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_GRAPH_LEAD_CALLEES_H_
#define RELINK_PASSES_GRAPH_LEAD_CALLEES_H_

#include "relink/ir/link_graph.h"

namespace relink {

// Whether the original of a copy can become a jump to it. What goes to an arena
// of a module that is all in arenas is no copy.
bool CanLead(const LinkGraph& graph, const Section& section);

// Has the originals lead to their copies, if they can, of those in an arena
// that `caller_id`, code that stays, branches to.
void LeadCallees(LinkGraph& graph, SectionId caller_id, ArenaId arena_id);

}  // namespace relink

#endif  // RELINK_PASSES_GRAPH_LEAD_CALLEES_H_
