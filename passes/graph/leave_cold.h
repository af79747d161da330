// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_GRAPH_LEAVE_COLD_H_
#define RELINK_PASSES_GRAPH_LEAVE_COLD_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"
#include "relink/pass/analysis_manager.h"
#include "relink/pass/pass_options.h"
#include "relink/pass/preserved_analyses.h"

namespace relink {

// Cuts copies of functions (Overlay) into what runs and what does not. What
// does not stays where the file has it, and the copy jumps there: the original
// goes on with the same registers and stack, and stays in itself until it
// returns.
//
// A function stays whole if it has language-specific data, whose landing pads
// are offsets from its beginning, or if its code or its unwind record is not
// understood. One whose address code takes keeps that of its original.
//
// Reads: samples, arenas. Changes: cuts sections that have an arena; which
// originals lead to their copies.
struct LeaveCold {
  static constexpr absl::string_view kName = "leave-cold";
  static constexpr absl::string_view kHelp =
      "of functions that were given an arena, move only the blocks that run";
  static constexpr Capability kLeastCapability = Capability::kOverlayable;

  static absl::StatusOr<LeaveCold> Create(const PassOptions& options);

  absl::StatusOr<PreservedAnalyses> Run(
      LinkGraph& graph, AnalysisManager<LinkGraph>& analyses) const;
};

}  // namespace relink

#endif  // RELINK_PASSES_GRAPH_LEAVE_COLD_H_
