// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_GRAPH_ICF_H_
#define RELINK_PASSES_GRAPH_ICF_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"
#include "relink/pass/analysis_manager.h"
#include "relink/pass/pass_option.h"
#include "relink/pass/pass_options.h"
#include "relink/pass/preserved_analyses.h"

namespace relink {

// Folds identical code: of functions that do the same one remains, and the
// symbols of the others are its. In mode safe, a function whose address is
// taken or that others may ask for is not folded, so that functions with
// different addresses stay so.
//
// Reads: functions' contents, fixups and unwind records; symbols.
// Changes: Section::dead, the order, symbols, weights, calls, unwind records.
// Preserves: nothing.
struct Icf {
  static constexpr absl::string_view kName = "icf";
  static constexpr absl::string_view kHelp =
      "fold functions that are the same into one";
  static constexpr Capability kLeastCapability = Capability::kReorderable;
  static constexpr PassOption kOptions[] = {
      {"mode", OptionType::kChoice, "safe",
       "safe: only those whose address nothing takes", "safe|all"},
  };

  bool all = false;

  static absl::StatusOr<Icf> Create(const PassOptions& options);

  absl::StatusOr<PreservedAnalyses> Run(
      LinkGraph& graph, AnalysisManager<LinkGraph>& analyses) const;
};

}  // namespace relink

#endif  // RELINK_PASSES_GRAPH_ICF_H_
