// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/registry.h"

#include "passes/graph/split_functions.h"
#include "passes/module_unit.h"
#include "passes/placed/plt_bypass.h"
#include "passes/placed/relax.h"
#include "relink/ir/link_graph.h"
#include "relink/stage/placed_graph.h"

namespace relink {

// A row for each: registry.Add<UNIT, PASS>(), in the order of names.
void RegisterShippedPasses(PassRegistry& registry) {
  registry.AddUnit<LinkGraph>("graph");
  registry.AddParts<Modules>();
  registry.AddUnit<PlacedGraph>("placed");
  registry.Add<LinkGraph, SplitFunctions>();
  registry.Add<PlacedGraph, PltBypass>();
  registry.Add<PlacedGraph, Relax>();
}

}  // namespace relink
