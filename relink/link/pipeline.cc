// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/pipeline.h"

#include <string>

#include "absl/strings/string_view.h"
#include "relink/pass/analysis_manager.h"
#include "relink/pass/pass_context.h"
#include "relink/pass/pass_manager.h"
#include "relink/support/status.h"

namespace relink {
namespace {

template <typename Unit>
absl::Status RunPasses(const PassManager<Unit>& passes, Unit& unit,
                       PassContext* context, absl::string_view root) {
  PassContext nobody;
  AnalysisManager<Unit> analyses(context == nullptr ? nobody : *context);
  return Annotate(passes.Run(unit, analyses).status(), root);
}

}  // namespace

// Passes may move what names are read from.
absl::Status RunGraphPasses(const Pipeline& pipeline, LinkGraph& graph) {
  const std::string root = graph.modules[graph.root_id].name();
  return RunPasses(pipeline.graph_passes, graph, pipeline.context, root);
}

absl::Status RunPlacedPasses(const Pipeline& pipeline, PlacedGraph& placed) {
  const std::string root = placed.module(placed.graph().root_id).name();
  return RunPasses(pipeline.placed_passes, placed, pipeline.context, root);
}

}  // namespace relink
