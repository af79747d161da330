// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_GRAPH_GC_SECTIONS_H_
#define RELINK_PASSES_GRAPH_GC_SECTIONS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"
#include "relink/pass/analysis_manager.h"
#include "relink/pass/pass_option.h"
#include "relink/pass/pass_options.h"
#include "relink/pass/preserved_analyses.h"

namespace relink {

// Drops code and data that nothing can reach: from what is exported, from
// initialization and termination, a program's entry, and what the user names.
// Only of modules whose references are all known.
//
// Reads: sections, symbols, fixups.
// Changes: Section::dead, the order, calls, unwind records of what is dropped.
// Preserves: nothing.
struct GcSections {
  static constexpr absl::string_view kName = "gc-sections";
  static constexpr absl::string_view kHelp =
      "drop code and data that nothing can reach";
  static constexpr Capability kLeastCapability = Capability::kReorderable;
  static constexpr PassOption kOptions[] = {
      {"keep", OptionType::kList, "[]",
       "sections or symbols that are there in any case; * is anything"},
  };

  std::vector<std::string> keep;

  static absl::StatusOr<GcSections> Create(const PassOptions& options);

  absl::StatusOr<PreservedAnalyses> Run(
      LinkGraph& graph, AnalysisManager<LinkGraph>& analyses) const;
};

}  // namespace relink

#endif  // RELINK_PASSES_GRAPH_GC_SECTIONS_H_
