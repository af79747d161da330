// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/jump_tables.h"

namespace relink {
namespace {

bool IsOwned(const Section& section) {
  return section.live() && section.kind == SectionKind::kJumpTable &&
         section.owner_id.has_value();
}

}  // namespace

// Counts, then puts each into its place.
JumpTablesByOwner::JumpTablesByOwner(const LinkGraph& graph)
    : first_(graph.sections.size() + 2) {
  for (const Section& section : graph.sections) {
    if (IsOwned(section)) ++first_[section.owner_id.index() + 2];
  }
  for (size_t i = 2; i < first_.size(); ++i) first_[i] += first_[i - 1];
  tables_.resize(first_.back());
  for (uint32_t i = 0; i < graph.sections.size(); ++i) {
    const Section& section = graph.sections[SectionId(i)];
    if (IsOwned(section)) {
      tables_[first_[section.owner_id.index() + 1]++] = SectionId(i);
    }
  }
}

}  // namespace relink
