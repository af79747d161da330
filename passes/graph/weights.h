// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_GRAPH_WEIGHTS_H_
#define RELINK_PASSES_GRAPH_WEIGHTS_H_

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

// Says how often sections run, and calls are made, where no profile does.
//
// Reads: the names of sections and symbols.
// Changes: Section::weight, LinkGraph::calls, LinkGraph::samples.
// Preserves: no analysis.
struct Weights {
  static constexpr absl::string_view kName = "weights";
  static constexpr absl::string_view kHelp =
      "say how often functions run and call each other";
  static constexpr PassOption kOptions[] = {
      {"set", OptionType::kList, "[]",
       "NAME=WEIGHT of sections or symbols; * in a name is anything"},
      {"places", OptionType::kInteger, "0",
       "so many random places of each that was set ran"},
      {"calls", OptionType::kList, "[]",
       "CALLER:CALLEE=WEIGHT, added to what is known"},
  };

  struct Weight {
    std::string name;
    std::string callee;  // Empty if it is not of a call.
    double weight;
  };

  std::vector<Weight> set;
  std::vector<Weight> calls;
  uint64_t places = 0;

  static absl::StatusOr<Weights> Create(const PassOptions& options);

  absl::StatusOr<PreservedAnalyses> Run(
      LinkGraph& graph, AnalysisManager<LinkGraph>& analyses) const;
};

}  // namespace relink

#endif  // RELINK_PASSES_GRAPH_WEIGHTS_H_
