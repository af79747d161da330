// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_PLACED_PLT_BYPASS_H_
#define RELINK_PASSES_PLACED_PLT_BYPASS_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/pass/analysis_manager.h"
#include "relink/pass/preserved_analyses.h"
#include "relink/stage/placed_graph.h"

namespace relink {

// Makes calls and jumps that go through the procedure linkage table, or through
// a slot of the global offset table, direct ones, where what the slot is bound
// to is in reach. Only in code that was placed: what stays with its module's
// segments is shared with other processes.
//
// Reads:     what symbols are bound to, as the global offset tables have it.
// Changes:   bytes and fixups of placed code.
// Preserves: nothing.
struct PltBypass {
  static constexpr absl::string_view kName = "plt-bypass";
  static constexpr absl::string_view kHelp =
      "call functions of other modules directly where they are in reach";

  absl::StatusOr<PreservedAnalyses> Run(
      PlacedGraph& placed, AnalysisManager<PlacedGraph>& analyses) const;
};

}  // namespace relink

#endif  // RELINK_PASSES_PLACED_PLT_BYPASS_H_
