// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_GRAPH_APPLY_PROFILE_H_
#define RELINK_PASSES_GRAPH_APPLY_PROFILE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "profiles/profile.h"
#include "relink/ir/link_graph.h"
#include "relink/pass/analysis_manager.h"
#include "relink/pass/pass_option.h"
#include "relink/pass/pass_options.h"
#include "relink/pass/preserved_analyses.h"

namespace relink {

// Gives functions and calls the weights that a profile has of them. Opens and
// splits modules that are not: of the functions, those that ran enough, unless
// all are asked for.
//
// Changes: sections, symbols, functions' weights, `calls`. What the profile has
// of another build of a module counts for functions that it names; of other
// places of it nobody knows where they are.
struct ApplyProfile {
  static constexpr absl::string_view kName = "apply-profile";
  static constexpr absl::string_view kHelp =
      "give functions and calls the weights of a profile, and open what ran";
  static constexpr PassOption kOptions[] = {
      {"file", OptionType::kText, "",
       "the profile, of any format that relink profile reads"},
      {"open", OptionType::kChoice, "ran",
       "which functions are opened: those that ran, or all", "ran|all"},
      {"share", OptionType::kReal, "0.00005",
       "what has less than this part of the weight (0 to 1) is not opened: to "
       "move it takes longer than it can gain"},
      {"least", OptionType::kReal, "0.2",
       "nothing is done if less than this part of the profile (0 to 1) is of "
       "files that are here: it is of other programs"},
  };

  std::shared_ptr<const profiles::Profile> profile;
  bool open_all = false;
  double share = 0.00005;
  double least = 0.2;

  // Reads the file.
  static absl::StatusOr<ApplyProfile> Create(const PassOptions& options);

  absl::StatusOr<PreservedAnalyses> Run(
      LinkGraph& graph, AnalysisManager<LinkGraph>& analyses) const;
};

}  // namespace relink

#endif  // RELINK_PASSES_GRAPH_APPLY_PROFILE_H_
