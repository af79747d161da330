// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_GRAPH_PLACE_H_
#define RELINK_PASSES_GRAPH_PLACE_H_

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

// Makes arenas, one for each class of memory that is needed, and says of each
// section whether it goes there: all of a module in arenas; of one with an
// overlay the functions that are asked for, with their jump tables, and what no
// file has. A section that has an arena keeps it. If no module is to be
// anything but whole, chooses for all as `choose-materialization` does.
//
// Reads: the order, modules' materialization, functions' weights and sizes.
// Changes: arenas, Section::arena_id; Module::materialization, if none was
// chosen.
// Preserves: every analysis but layout-metrics.
struct Place {
  static constexpr absl::string_view kName = "place";
  static constexpr absl::string_view kHelp =
      "put functions, or whole modules, into arenas";
  static constexpr Capability kLeastCapability = Capability::kOverlayable;
  static constexpr PassOption kOptions[] = {
      {"functions", OptionType::kList, "[all]",
       "which are copied for an overlay: all, hot (with a weight), or names; "
       "* in a name is anything"},
      {"share", OptionType::kChoice, "group",
       "group: one set of arenas; module: one for each module", "group|module"},
      {"pages", OptionType::kChoice, "base",
       "what code's arenas are made of: base pages, or huge ones of 2 MiB",
       "base|huge"},
      {"max", OptionType::kSize, "",
       "no more bytes of functions are copied, first to last in the order; 0: "
       "any number"},
  };

  enum class Which : uint8_t { kAll, kHot, kNamed };

  Which which = Which::kAll;
  std::vector<std::string> names;
  bool share_by_module = false;
  bool huge_pages = false;
  uint64_t max_bytes = 0;  // 0: no limit.

  static absl::StatusOr<Place> Create(const PassOptions& options);

  // FailedPrecondition: a section of a module in arenas is pinned.
  absl::StatusOr<PreservedAnalyses> Run(
      LinkGraph& graph, AnalysisManager<LinkGraph>& analyses) const;
};

}  // namespace relink

#endif  // RELINK_PASSES_GRAPH_PLACE_H_
