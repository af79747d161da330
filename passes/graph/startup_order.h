// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_GRAPH_STARTUP_ORDER_H_
#define RELINK_PASSES_GRAPH_STARTUP_ORDER_H_

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

// Brings functions into the order in which a start touches them first, so that
// it faults on few pages of a file: as a file says that a recorder wrote, or
// else as the code tells, from initialization functions and the entry on, each
// call followed when it is come to. Functions that neither names come behind,
// as they were.
//
// Reads: code sections' fixups, initialization arrays, symbols. Changes: the
// order.
struct StartupOrder {
  static constexpr absl::string_view kName = "startup-order";
  static constexpr absl::string_view kHelp =
      "bring functions into the order in which a start touches them first";
  static constexpr PassOption kOptions[] = {
      {"file", OptionType::kText, "",
       "a symbol-ordering file, first touched first; without it, the code "
       "tells"},
  };

  std::vector<std::string> names;  // What the file says.

  // Reads the file, if one is named.
  static absl::StatusOr<StartupOrder> Create(const PassOptions& options);

  absl::StatusOr<PreservedAnalyses> Run(
      LinkGraph& graph, AnalysisManager<LinkGraph>& analyses) const;
};

}  // namespace relink

#endif  // RELINK_PASSES_GRAPH_STARTUP_ORDER_H_
