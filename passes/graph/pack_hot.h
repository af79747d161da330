// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_GRAPH_PACK_HOT_H_
#define RELINK_PASSES_GRAPH_PACK_HOT_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"
#include "relink/pass/analysis_manager.h"
#include "relink/pass/pass_option.h"
#include "relink/pass/pass_options.h"
#include "relink/pass/preserved_analyses.h"

namespace relink {

// Puts the hot functions of all modules next to each other, in one arena, those
// that call each other nearest; cold ones stay where they are.
//
// Pages of the arena need no fault when they are first run: their bytes were
// written before.
//
// Reads: weights, the call graph. Changes: `arena_id` of functions and jump
// tables, `order`; chooses materializations if nothing did.
struct PackHot {
  static constexpr absl::string_view kName = "pack-hot";
  static constexpr absl::string_view kHelp =
      "put the functions that run most into one arena, callers beside callees";
  static constexpr Capability kLeastCapability = Capability::kOverlayable;
  static constexpr PassOption kOptions[] = {
      {"coverage", OptionType::kReal, "0.99",
       "as few functions as have this part of the weight (0 to 1)"},
      {"by", OptionType::kChoice, "cdsort",
       "their order: by calls (cdsort, c3), the hottest first, or as it is",
       "cdsort|c3|heat|graph"},
      {"page", OptionType::kChoice, "auto",
       "of the arena; auto: 2M if it has 256 KiB of code or more",
       "4K|2M|auto"},
  };

  enum class By : uint8_t { kCacheDirected, kC3, kHeat, kGraph };
  enum class Page : uint8_t { kBase, kHuge, kAuto };

  double coverage = 0.99;
  By by = By::kCacheDirected;
  Page page = Page::kAuto;

  static absl::StatusOr<PackHot> Create(const PassOptions& options);

  absl::StatusOr<PreservedAnalyses> Run(
      LinkGraph& graph, AnalysisManager<LinkGraph>& analyses) const;
};

}  // namespace relink

#endif  // RELINK_PASSES_GRAPH_PACK_HOT_H_
