// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_ANALYSIS_CALL_GRAPH_H_
#define RELINK_PASSES_ANALYSIS_CALL_GRAPH_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"
#include "relink/pass/analysis_manager.h"

namespace relink {

// Which code calls or jumps to which, as far as its direct branches tell: those
// through a PLT lead to what its GOT entry is bound to, and those to a symbol
// that no module but another one defines lead there.
//
// Reads: code sections' fixups and weights, those of a PLT and its GOT,
// symbols; `calls`.
struct CallGraph {
  static constexpr absl::string_view kName = "call-graph";
  static constexpr absl::string_view kHelp =
      "which code calls which: direct calls, tail jumps, through the PLT";

  struct Edge {
    SectionId caller_id;
    SectionId callee_id;  // The caller, if it calls itself.
    uint32_t sites = 0;   // Branches in the code; 0 if only a profile knows.
    // The profile's, if there is any; otherwise `sites`, each as often as the
    // caller runs, or once if nothing says how often anything runs.
    double weight = 0;
  };

  struct Result {
    std::span<const Edge> CallsOf(SectionId id) const {
      return std::span(edges).subspan(
          first[id.index()], first[id.index() + 1] - first[id.index()]);
    }

    const LinkGraph* graph;   // What it is about.
    bool profiled = false;    // Weights are those of LinkGraph::calls.
    std::vector<Edge> edges;  // Ascending by caller and callee, each pair once.
    std::vector<uint32_t> first;  // Of each section's edges, and their end.
  };

  absl::StatusOr<Result> Run(const LinkGraph& graph,
                             AnalysisManager<LinkGraph>& analyses) const;

  // "f -> g: 2 sites, weight 7" for each edge.
  static std::string Print(const Result& result);
};

}  // namespace relink

#endif  // RELINK_PASSES_ANALYSIS_CALL_GRAPH_H_
