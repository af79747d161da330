// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_REPORT_REFUSALS_H_
#define RELINK_TOOLS_RELINK_REPORT_REFUSALS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"
#include "relink/pass/remark.h"

namespace relink::tools {

// The functions that stay for one reason.
struct RefusalGroup {
  std::string reason;
  std::vector<SectionId> functions;  // The heaviest first.
  uint64_t bytes = 0;
  double weight = 0;
};

// Why functions stay where their files have them.
class Refusals {
 public:
  // The graph must outlive them.
  Refusals(const LinkGraph& graph,
           const std::vector<CollectedRemarks::Kept>& remarks);

  // What a pass said of a function, or what pins it; without the place in it,
  // so that functions with the same reason have the same. Empty if it is in an
  // arena, or if nobody gave one.
  std::string ReasonOf(SectionId id) const;

  // What passes said of the whole module; empty if nothing.
  std::string ReasonOf(ModuleId id) const;

  // Each refused function in one of them. What costs most comes first.
  std::vector<RefusalGroup> Groups() const;

 private:
  const LinkGraph& graph_;
  // By module and address; of a whole module, without one.
  absl::flat_hash_map<std::string, std::string> reasons_;
};

// "writes to code (at 0x1040)" without what is in brackets.
absl::string_view WithoutPlace(absl::string_view reason);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_REPORT_REFUSALS_H_
