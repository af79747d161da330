// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_LINK_SCAN_CLOSURE_H_
#define RELINK_LINK_SCAN_CLOSURE_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "relink/ir/link_graph.h"
#include "relink/link/resolver.h"
#include "relink/runtime/host_modules.h"

namespace relink {

// Scans `root` and, breadth-first, everything it needs that the process does
// not have. A module that several need is taken once, by soname, file name or
// file identity. After it no other file is opened and no module is added.
absl::StatusOr<LinkGraph> ScanClosure(Module root, Resolver& resolver,
                                      const HostModules& host);

// The same for a graph that has modules already: resolves all dependencies that
// are not, and adds what they lead to.
absl::Status AddDependencies(LinkGraph& graph, Resolver& resolver,
                             const HostModules& host);

// A dependency in lookup order: a module of the graph, or one of the host.
struct ScopeEntry {
  ModuleId module_id;
  HostModuleId host_id;
};

// The root and all it needs, breadth-first, each once: the order in which
// dlopen's local scope is searched.
std::vector<ScopeEntry> BreadthFirst(const LinkGraph& graph,
                                     const HostModules& host);

// The modules of the graph, each after everything it needs (cycles are cut
// where they are entered), the root last: the order in which ld.so initializes
// them.
std::vector<ModuleId> DependenciesFirst(const LinkGraph& graph);

}  // namespace relink

#endif  // RELINK_LINK_SCAN_CLOSURE_H_
