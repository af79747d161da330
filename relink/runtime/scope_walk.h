// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUNTIME_SCOPE_WALK_H_
#define RELINK_RUNTIME_SCOPE_WALK_H_

#include <cstddef>
#include <functional>
#include <vector>

#include "relink/ir/link_graph.h"
#include "relink/runtime/host_modules.h"
#include "relink/runtime/loaded_module.h"

namespace relink {

// A module in a lookup order: exactly one of the three.
struct ScopeNode {
  ModuleId module_id;  // Of a graph that is not loaded yet.
  const LoadedModule* loaded = nullptr;
  HostModules::Entry host;
};

// `root` and all it needs, breadth-first, each once: the order in which
// dlopen's local scope is searched. `needs` appends what a module of the graph
// needs.
std::vector<ScopeNode> WalkScope(
    ScopeNode root, const HostModules& host,
    const std::function<void(ModuleId, std::vector<ScopeNode>&)>& needs);

}  // namespace relink

#endif  // RELINK_RUNTIME_SCOPE_WALK_H_
