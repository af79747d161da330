// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_LINK_SCAN_CLOSURE_H_
#define RELINK_LINK_SCAN_CLOSURE_H_

#include <functional>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "relink/ir/link_graph.h"
#include "relink/link/resolver.h"
#include "relink/link/search_step.h"
#include "relink/runtime/host_modules.h"
#include "relink/runtime/module_store.h"
#include "relink/runtime/scope_walk.h"
#include "relink/support/id.h"

namespace relink {

// A root with all it needs, none of it mapped.
struct Closure {
  LinkGraph graph;
  // Of the host and of earlier loads, what the graph needs.
  Table<ExternalId, Need> externals;
  // The host, at least as late as its modules among the externals.
  std::shared_ptr<const HostModules> host;
  // What was opened through dlopen.
  std::vector<std::shared_ptr<void>> opened;
};

struct ClosureOptions {
  Resolver& resolver;
  // Where modules are found that were loaded before; null for nowhere. Locked
  // by the caller for as long as it uses what is found.
  ModuleStore* store = nullptr;
  // Told of every place that is looked at; null for nobody.
  const std::function<void(const SearchStep&)>* trace = nullptr;
};

// Scans `root` and, breadth-first, everything it needs that the process does
// not have. A module that several need is taken once, by soname, file name or
// file identity. After it no other file is opened and no module is added.
absl::StatusOr<Closure> ScanClosure(Module root, const ClosureOptions& options);

// The same for a graph that has modules already, and some of their
// dependencies.
absl::StatusOr<Closure> ScanDependencies(LinkGraph graph,
                                         const ClosureOptions& options);

// The root and all it needs, as WalkScope.
std::vector<ScopeNode> BreadthFirst(const Closure& closure);

// The modules of the graph, each after everything it needs (cycles are cut
// where they are entered), the root last: the order in which ld.so initializes
// them.
std::vector<ModuleId> DependenciesFirst(const LinkGraph& graph);

}  // namespace relink

#endif  // RELINK_LINK_SCAN_CLOSURE_H_
