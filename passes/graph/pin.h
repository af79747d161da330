// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_GRAPH_PIN_H_
#define RELINK_PASSES_GRAPH_PIN_H_

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

// Has sections stay where their file has them, whatever comes later.
//
// Reads: the names of sections and symbols.
// Changes: Section::pinned.
// Preserves: every analysis but layout-metrics.
struct Pin {
  static constexpr absl::string_view kName = "pin";
  static constexpr absl::string_view kHelp =
      "have functions or sections stay where their file has them";
  static constexpr PassOption kOptions[] = {
      {"names", OptionType::kList, "[]",
       "of sections or symbols; * stands for anything"},
      {"reason", OptionType::kText, "\"it is to stay\"", "for remarks"},
  };

  std::vector<std::string> names;
  std::string reason = "it is to stay";

  static absl::StatusOr<Pin> Create(const PassOptions& options);

  // FailedPrecondition: a section has an arena already.
  absl::StatusOr<PreservedAnalyses> Run(
      LinkGraph& graph, AnalysisManager<LinkGraph>& analyses) const;
};

}  // namespace relink

#endif  // RELINK_PASSES_GRAPH_PIN_H_
