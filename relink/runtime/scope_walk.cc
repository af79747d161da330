// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/scope_walk.h"

#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"

namespace relink {

std::vector<ScopeNode> WalkScope(
    ScopeNode root, const HostModules& host,
    const std::function<void(ModuleId, std::vector<ScopeNode>&)>& needs) {
  std::vector<ScopeNode> order;
  std::vector<bool> seen_in_graph;
  absl::flat_hash_set<const void*> seen;
  const auto add = [&](ScopeNode node) {
    if (node.module_id.has_value()) {
      const size_t index = node.module_id.index();
      if (index >= seen_in_graph.size()) seen_in_graph.resize(index + 1);
      if (seen_in_graph[index]) return;
      seen_in_graph[index] = true;
    } else {
      const void* const key = node.loaded != nullptr
                                  ? static_cast<const void*>(node.loaded)
                                  : static_cast<const void*>(node.host.get());
      if (key == nullptr || !seen.insert(key).second) return;
    }
    order.push_back(std::move(node));
  };
  std::vector<ScopeNode> found;
  add(std::move(root));
  for (size_t i = 0; i < order.size(); ++i) {
    const ScopeNode node = order[i];
    found.clear();
    if (node.module_id.has_value()) {
      needs(node.module_id, found);
    } else if (node.loaded != nullptr) {
      for (const Need& need : node.loaded->needs()) {
        found.push_back(
            {.module_id = {}, .loaded = need.loaded, .host = need.host});
      }
    } else {
      for (const std::string& name : node.host->needed) {
        const HostModuleId id = host.Find(name);
        if (!id.has_value()) continue;
        found.push_back({.module_id = {}, .loaded = nullptr, .host = host[id]});
      }
    }
    for (ScopeNode& next : found) add(std::move(next));
  }
  return order;
}

}  // namespace relink
