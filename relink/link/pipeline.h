// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_LINK_PIPELINE_H_
#define RELINK_LINK_PIPELINE_H_

#include "absl/status/status.h"
#include "relink/ir/link_graph.h"
#include "relink/pass/pass_context.h"
#include "relink/pass/pass_manager.h"
#include "relink/stage/placed_graph.h"

namespace relink {

// What is done to modules between their files and their first instruction.
// Passes run in the process that loads and are trusted as its own code is; what
// they see of files is not. Loads that share a pipeline may run them at once.
struct Pipeline {
  // After all modules are known and before anything has an address. Modules are
  // closed until a pass opens them.
  PassManager<LinkGraph> graph_passes;
  // After all modules are mapped and their dynamic relocations applied:
  // addresses are final, see PlacedGraph::WritableBytes. Fixups come later, and
  // overwrite their places.
  PassManager<PlacedGraph> placed_passes;
  // Where remarks and counters go and who watches; null for nobody. Must
  // outlive the loads, and is for one at a time.
  PassContext* context = nullptr;
};

// Run the passes of a pipeline over one link. A failure is the pass's,
// as "ROOT: pass NAME: ...".
absl::Status RunGraphPasses(const Pipeline& pipeline, LinkGraph& graph);
absl::Status RunPlacedPasses(const Pipeline& pipeline, PlacedGraph& placed);

// A remark on each arena of code: how much of it is on huge pages, which the
// kernel gives or not, whatever was asked for. Nothing if nobody reads remarks.
void TellPages(const Pipeline& pipeline, const LinkedImage& image);

}  // namespace relink

#endif  // RELINK_LINK_PIPELINE_H_
