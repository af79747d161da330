// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/registry.h"

#include "passes/analysis/call_graph.h"
#include "passes/analysis/function_classes.h"
#include "passes/analysis/hotness.h"
#include "passes/analysis/layout_metrics.h"
#include "passes/analysis/reachability.h"
#include "passes/analysis/references.h"
#include "passes/graph/apply_profile.h"
#include "passes/graph/choose_materialization.h"
#include "passes/graph/gc_sections.h"
#include "passes/graph/huge_pages.h"
#include "passes/graph/icf.h"
#include "passes/graph/leave_cold.h"
#include "passes/graph/order.h"
#include "passes/graph/pack_hot.h"
#include "passes/graph/pin.h"
#include "passes/graph/place.h"
#include "passes/graph/randomize.h"
#include "passes/graph/split_functions.h"
#include "passes/graph/startup_order.h"
#include "passes/graph/weights.h"
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

  registry.AddAnalysis<LinkGraph, CallGraph>();
  registry.AddAnalysis<LinkGraph, FunctionClasses>();
  registry.AddAnalysis<LinkGraph, Hotness>();
  registry.AddAnalysis<LinkGraph, LayoutMetrics>();
  registry.AddAnalysis<LinkGraph, Reachability>();
  registry.AddAnalysis<LinkGraph, References>();

  registry.Add<LinkGraph, ApplyProfile>();
  registry.Add<LinkGraph, ChooseMaterialization>();
  registry.Add<LinkGraph, GcSections>();
  registry.Add<LinkGraph, HugePages>();
  registry.Add<LinkGraph, Icf>();
  registry.Add<LinkGraph, LeaveCold>();
  registry.Add<LinkGraph, Order>();
  registry.Add<LinkGraph, PackHot>();
  registry.Add<LinkGraph, Pin>();
  registry.Add<LinkGraph, Place>();
  registry.Add<LinkGraph, Randomize>();
  registry.Add<LinkGraph, SplitFunctions>();
  registry.Add<LinkGraph, StartupOrder>();
  registry.Add<LinkGraph, Weights>();

  registry.Add<PlacedGraph, PltBypass>();
  registry.Add<PlacedGraph, Relax>();
}

}  // namespace relink
