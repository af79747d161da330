// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_PLANNED_LINK_H_
#define RELINK_TOOLS_RELINK_PLANNED_LINK_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "passes/analysis/layout_metrics.h"
#include "relink/ir/link_graph.h"
#include "relink/layout/layout.h"
#include "relink/link/pipeline.h"

namespace relink::tools {

// A section, or a segment of a module of which nothing else is known, and
// where it would be in its reservation.
struct PlannedPart {
  ModuleId module_id;
  SectionId section_id;  // None for a segment.
  uint32_t segment = 0;  // Which of its module's, for one.
  uint32_t reservation = 0;
  uint64_t offset = 0;
  uint64_t size = 0;

  uint64_t end() const { return offset + size; }
};

// A link as it would be mapped.
struct PlannedLink {
  LinkGraph graph;
  Layout layout;
  // By reservation and offset: where each module keeps its own distances and
  // stands behind the one before it; and as it is planned.
  std::vector<PlannedPart> before;
  std::vector<PlannedPart> after;
  LayoutMetrics::Result metrics_before;
  LayoutMetrics::Result metrics_after;
};

// Does what loading `path` would do before it maps anything. `pipeline` may be
// null; its passes over placed modules are not run.
absl::StatusOr<PlannedLink> PlanLink(absl::string_view path,
                                     const Pipeline* pipeline);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_PLANNED_LINK_H_
