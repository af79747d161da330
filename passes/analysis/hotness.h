// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_ANALYSIS_HOTNESS_H_
#define RELINK_PASSES_ANALYSIS_HOTNESS_H_

#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"
#include "relink/pass/analysis_manager.h"

namespace relink {

// Which functions run, the hottest first.
//
// Reads: functions' weights.
struct Hotness {
  static constexpr absl::string_view kName = "hotness";
  static constexpr absl::string_view kHelp =
      "which functions run, the hottest first, and how much of all that is";

  struct Result {
    const LinkGraph* graph;
    // Live, with a weight; of equal weight, as the graph has them.
    std::vector<SectionId> functions;
    double total = 0;  // All their weights.

    // As few of the hottest as have `coverage` (0 to 1) of the total together.
    std::span<const SectionId> Covering(double coverage) const;
  };

  absl::StatusOr<Result> Run(const LinkGraph& graph,
                             AnalysisManager<LinkGraph>& analyses) const;

  // "main: 12.5% (12.5%)", where what is in brackets is of all down to it.
  static std::string Print(const Result& result);
};

}  // namespace relink

#endif  // RELINK_PASSES_ANALYSIS_HOTNESS_H_
