// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_PLACED_RELAX_H_
#define RELINK_PASSES_PLACED_RELAX_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/pass/analysis_manager.h"
#include "relink/pass/preserved_analyses.h"
#include "relink/stage/placed_graph.h"

namespace relink {

// Does to loads of addresses what a static linker does when it knows them:
// `mov slot(%rip), %reg` of a slot of the global offset table becomes
// `lea symbol(%rip), %reg` where the symbol is in reach. Only in code that was
// placed, as plt-bypass, which does the same to calls.
//
// Reads:     what symbols are bound to, as the global offset tables have it.
// Changes:   bytes and fixups of placed code.
// Preserves: nothing.
struct Relax {
  static constexpr absl::string_view kName = "relax";
  static constexpr absl::string_view kHelp =
      "compute addresses that are in reach instead of loading them";

  absl::StatusOr<PreservedAnalyses> Run(
      PlacedGraph& placed, AnalysisManager<PlacedGraph>& analyses) const;
};

}  // namespace relink

#endif  // RELINK_PASSES_PLACED_RELAX_H_
