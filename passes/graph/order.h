// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_GRAPH_ORDER_H_
#define RELINK_PASSES_GRAPH_ORDER_H_

#include <cstdint>
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

// Brings the functions that may move into an order: in an arena they will lie
// so. They come before all else in the graph's order; jump tables follow them.
//
// Reads: functions' sizes, names, weights and homes; calls.
// Changes: LinkGraph::order.
// Preserves: every analysis but layout-metrics.
struct Order {
  static constexpr absl::string_view kName = "order";
  static constexpr absl::string_view kHelp =
      "bring functions into an order: by name, size, a file, or what calls "
      "what";
  static constexpr PassOption kOptions[] = {
      {"by", OptionType::kChoice, "cdsort", "what decides; cdsort if not given",
       "names|size|file|reverse|random|c3|cdsort|home"},
      {"algorithm", OptionType::kChoice, "", "the same as by",
       "names|size|file|reverse|random|c3|cdsort|home"},
      {"names", OptionType::kList, "[]",
       "by=names: sections or symbols, first to last; * stands for anything"},
      {"file", OptionType::kText, "",
       "by=file: a symbol-ordering file as lld takes it"},
      {"seed", OptionType::kInteger, "1", "by=random: of the order"},
      {"descending", OptionType::kFlag, "", "by=size: the largest first"},
      {"cluster", OptionType::kSize, "1M", "by=c3: no cluster is larger"},
  };

  enum class By : uint8_t {
    kNames,
    kSize,
    kFile,
    kReverse,
    kRandom,
    kC3,
    kCacheDirected,
    kHome,
  };

  By by = By::kCacheDirected;
  std::vector<std::string> names;  // Also what the file says.
  uint64_t seed = 1;
  bool descending = false;
  uint64_t max_cluster_size = uint64_t{1} << 20;

  // Reads the file, if one is named.
  static absl::StatusOr<Order> Create(const PassOptions& options);

  absl::StatusOr<PreservedAnalyses> Run(
      LinkGraph& graph, AnalysisManager<LinkGraph>& analyses) const;
};

}  // namespace relink

#endif  // RELINK_PASSES_GRAPH_ORDER_H_
