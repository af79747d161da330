// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_GRAPH_CHOOSE_MATERIALIZATION_H_
#define RELINK_PASSES_GRAPH_CHOOSE_MATERIALIZATION_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"
#include "relink/pass/analysis_manager.h"
#include "relink/pass/pass_option.h"
#include "relink/pass/pass_options.h"
#include "relink/pass/preserved_analyses.h"

namespace relink {

// Chooses for each module where its parts go: as much as is asked for and its
// capability allows. Says of each what was chosen, and why no more.
//
// Reads: modules' capabilities; opens those that might go to arenas.
// Changes: Module::materialization.
// Preserves: every analysis, unless a module was opened.
struct ChooseMaterialization {
  static constexpr absl::string_view kName = "choose-materialization";
  static constexpr absl::string_view kHelp =
      "choose for each module: whole, copies of functions, or all in arenas";
  static constexpr PassOption kOptions[] = {
      {"prefer", OptionType::kChoice, "overlay", "the most that is chosen",
       "whole|overlay|arenas"},
      {"modules", OptionType::kList, "[*]",
       "names of those that it is about, without folders; * is anything"},
      {"force", OptionType::kFlag, "",
       "fail if a module cannot be as preferred"},
  };

  Materialization prefer = Materialization::kOverlay;
  std::vector<std::string> modules = {"*"};
  bool force = false;

  static absl::StatusOr<ChooseMaterialization> Create(
      const PassOptions& options);

  // FailedPrecondition: `force`, and a module cannot be as preferred.
  absl::StatusOr<PreservedAnalyses> Run(
      LinkGraph& graph, AnalysisManager<LinkGraph>& analyses) const;
};

// Runs the pass as it is without options, if every module is whole: what
// places functions needs modules that let it.
absl::Status ChooseIfNothingDid(LinkGraph& graph,
                                AnalysisManager<LinkGraph>& analyses);

}  // namespace relink

#endif  // RELINK_PASSES_GRAPH_CHOOSE_MATERIALIZATION_H_
