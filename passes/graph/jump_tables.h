// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_GRAPH_JUMP_TABLES_H_
#define RELINK_PASSES_GRAPH_JUMP_TABLES_H_

#include <cstdint>
#include <span>
#include <vector>

#include "relink/ir/link_graph.h"

namespace relink {

// Which live jump tables each function of a graph owns, as it was when this was
// made.
class JumpTablesByOwner {
 public:
  explicit JumpTablesByOwner(const LinkGraph& graph);

  std::span<const SectionId> Of(SectionId owner_id) const {
    const uint32_t begin = first_[owner_id.index()];
    return std::span(tables_).subspan(begin,
                                      first_[owner_id.index() + 1] - begin);
  }

 private:
  std::vector<uint32_t> first_;  // Of each section's tables, and their end.
  std::vector<SectionId> tables_;
};

}  // namespace relink

#endif  // RELINK_PASSES_GRAPH_JUMP_TABLES_H_
