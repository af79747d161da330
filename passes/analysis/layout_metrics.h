// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_ANALYSIS_LAYOUT_METRICS_H_
#define RELINK_PASSES_ANALYSIS_LAYOUT_METRICS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "passes/analysis/call_graph.h"
#include "relink/ir/link_graph.h"
#include "relink/pass/analysis_manager.h"

namespace relink {

// How far apart is what runs together, if sections lie as the graph says now:
// what is in no arena where its file has it, one module behind the other; then
// arenas, packed in the graph's order. Pages have 4 KiB, lines of a cache 64
// bytes.
//
// Reads: the order, arenas, code sections' sizes, homes and weights; the call
// graph.
struct LayoutMetrics {
  static constexpr absl::string_view kName = "layout-metrics";
  static constexpr absl::string_view kHelp =
      "pages and cache lines of code that runs, how far calls go";

  struct Result {
    bool weighted = false;  // Some code has a weight; else all is taken to run.
    uint64_t sections = 0;  // That run, as all that follows.
    uint64_t bytes = 0;
    uint64_t pages = 0;  // That any of them touches.
    uint64_t huge_pages = 0;
    uint64_t lines = 0;
    double calls = 0;          // Weight of all calls between functions.
    double call_distance = 0;  // Of a call, in bytes, on the average.
    double calls_on_page = 0;  // Part of the calls that stay on their page.
  };

  absl::StatusOr<Result> Run(const LinkGraph& graph,
                             AnalysisManager<LinkGraph>& analyses) const;

  // A line for each number.
  static std::string Print(const Result& result);
};

// The same for where the files have everything, whatever has an arena.
LayoutMetrics::Result MeasureFiles(const LinkGraph& graph,
                                   const CallGraph::Result& calls);

}  // namespace relink

#endif  // RELINK_PASSES_ANALYSIS_LAYOUT_METRICS_H_
