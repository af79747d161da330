// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_GRAPH_SPLIT_FUNCTIONS_H_
#define RELINK_PASSES_GRAPH_SPLIT_FUNCTIONS_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"
#include "relink/pass/analysis_manager.h"
#include "relink/pass/pass_option.h"
#include "relink/pass/pass_options.h"
#include "relink/pass/preserved_analyses.h"
#include "relink/scan/wanted_functions.h"

namespace relink {

// Opens modules as far as their functions, and cuts their code into them: each
// becomes a section, which other passes can move. What lies between functions
// and is more than padding becomes one that stays. A function that ends without
// an end gets a jump to what followed it; a switch's table is copied into a
// section that goes where its function goes.
//
// A module that cannot be opened stays closed, with a remark; one that was cut
// already stays as it is.
//
// Reads: files.
// Changes: sections, symbols, fixups, the order.
// Preserves: nothing.
struct SplitFunctions {
  static constexpr absl::string_view kName = "split-functions";
  static constexpr absl::string_view kHelp =
      "open modules and make a section of each function";
  static constexpr PassOption kOptions[] = {
      {"modules", OptionType::kChoice, "all", "which are opened", "root|all"},
  };

  bool root_only = false;

  static absl::StatusOr<SplitFunctions> Create(const PassOptions& options);

  absl::StatusOr<PreservedAnalyses> Run(
      LinkGraph& graph, AnalysisManager<LinkGraph>& analyses) const;
};

// Opens and cuts one module so; or only those of its functions that are
// `wanted`, unless it is open already.
void SplitModule(LinkGraph& graph, ModuleId id,
                 AnalysisManager<LinkGraph>& analyses);
void SplitModuleAt(LinkGraph& graph, ModuleId id, const WantedFunctions& wanted,
                   AnalysisManager<LinkGraph>& analyses);

}  // namespace relink

#endif  // RELINK_PASSES_GRAPH_SPLIT_FUNCTIONS_H_
