// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_GRAPH_HUGE_PAGES_H_
#define RELINK_PASSES_GRAPH_HUGE_PAGES_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"
#include "relink/pass/analysis_manager.h"
#include "relink/pass/pass_option.h"
#include "relink/pass/pass_options.h"
#include "relink/pass/preserved_analyses.h"

namespace relink {

// Has the arenas of code made of pages of 2 MiB.
//
// Reads: arenas, the sizes of the sections in them.
// Changes: Arena::huge_pages.
// Preserves: every analysis but layout-metrics.
struct HugePages {
  static constexpr absl::string_view kName = "huge-pages";
  static constexpr absl::string_view kHelp =
      "have the arenas of code made of pages of 2 MiB";
  static constexpr PassOption kOptions[] = {
      {"min", OptionType::kSize, "0", "only those with so many bytes of code"},
  };

  uint64_t min_bytes = 0;

  static absl::StatusOr<HugePages> Create(const PassOptions& options);

  absl::StatusOr<PreservedAnalyses> Run(
      LinkGraph& graph, AnalysisManager<LinkGraph>& analyses) const;
};

}  // namespace relink

#endif  // RELINK_PASSES_GRAPH_HUGE_PAGES_H_
