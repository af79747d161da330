// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/pipeline.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "relink/ir/verify_graph.h"
#include "relink/map/page_state.h"
#include "relink/pass/analysis_manager.h"
#include "relink/pass/pass_context.h"
#include "relink/pass/pass_manager.h"
#include "relink/pass/remark.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

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
  RETURN_IF_ERROR(
      RunPasses(pipeline.graph_passes, graph, pipeline.context, root));
  // Whatever passes there were, a graph that contradicts itself is not placed.
  return Annotate(VerifyGraph(graph), root);
}

absl::Status RunPlacedPasses(const Pipeline& pipeline, PlacedGraph& placed) {
  const std::string root = placed.module(placed.graph().root_id).name();
  return RunPasses(pipeline.placed_passes, placed, pipeline.context, root);
}

void TellPages(const Pipeline& pipeline, const LinkedImage& image) {
  if (pipeline.context == nullptr || !pipeline.context->remarks().wanted() ||
      !image.runs_here()) {
    return;
  }
  for (uint32_t i = 0; i < image.graph().arenas.size(); ++i) {
    const Arena& arena = image.graph().arenas[ArenaId(i)];
    const RuntimeRange range = image.ArenaRange(ArenaId(i));
    if (arena.memory_class != MemoryClass::kCode || range.size == 0) continue;
    const auto state = ReadPageState(range);
    const std::string message =
        state.has_value()
            ? absl::StrCat(state->huge >> 10, " KiB of ", range.size >> 10,
                           " on huge pages, ", arena.huge_pages ? "" : "not ",
                           "asked for; ", state->resident >> 10,
                           " KiB resident")
            : "the kernel does not tell what pages it has";
    pipeline.context->remarks().Add({.pass = "pages",
                                     .kind = RemarkKind::kNote,
                                     .subject = arena.name,
                                     .message = message});
  }
}

}  // namespace relink
