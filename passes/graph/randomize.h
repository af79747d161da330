// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_GRAPH_RANDOMIZE_H_
#define RELINK_PASSES_GRAPH_RANDOMIZE_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"
#include "relink/pass/analysis_manager.h"
#include "relink/pass/pass_option.h"
#include "relink/pass/pass_options.h"
#include "relink/pass/preserved_analyses.h"

namespace relink {

// Brings functions into an order that nobody can foresee: what an attacker
// learned of one process is not true of the next. Says which seed it was, which
// `seed` takes to have the same order again.
//
// Reads: the order. Takes a seed from the kernel, if none is given.
// Changes: LinkGraph::order.
// Preserves: every analysis but layout-metrics.
struct Randomize {
  static constexpr absl::string_view kName = "randomize";
  static constexpr absl::string_view kHelp =
      "bring functions into a random order";
  static constexpr PassOption kOptions[] = {
      {"seed", OptionType::kInteger, "0", "of the order; 0: another each time"},
  };

  uint64_t seed = 0;

  static absl::StatusOr<Randomize> Create(const PassOptions& options);

  // ResourceExhausted: the kernel has no random bytes.
  absl::StatusOr<PreservedAnalyses> Run(
      LinkGraph& graph, AnalysisManager<LinkGraph>& analyses) const;
};

}  // namespace relink

#endif  // RELINK_PASSES_GRAPH_RANDOMIZE_H_
