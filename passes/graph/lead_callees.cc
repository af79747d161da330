// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/lead_callees.h"

#include <variant>

#include "passes/analysis/branch_targets.h"

namespace relink {

bool CanLead(const LinkGraph& graph, const Section& section) {
  return section.can_lead && graph.modules[section.module_id].materialization ==
                                 Materialization::kOverlay;
}

void LeadCallees(LinkGraph& graph, SectionId caller_id, ArenaId arena_id) {
  for (const Fixup& fixup : graph.sections[caller_id].fixups) {
    const auto* callee =
        std::get_if<InSection>(&graph.symbols[fixup.target].definition);
    if (callee == nullptr || !IsBranch(fixup)) continue;
    Section& section = graph.sections[callee->section_id];
    section.leads |= section.arena_id == arena_id && CanLead(graph, section);
  }
}

}  // namespace relink
