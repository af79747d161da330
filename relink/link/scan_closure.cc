// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/scan_closure.h"

#include <algorithm>
#include <utility>

#include "relink/scan/scan_module.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

absl::string_view BaseName(absl::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == absl::string_view::npos ? path : path.substr(slash + 1);
}

// The module of the graph that `name` means.
ModuleId FindByName(const LinkGraph& graph, absl::string_view name) {
  for (uint32_t i = 0; i < graph.modules.size(); ++i) {
    const Module& module = graph.modules[ModuleId(i)];
    if (module.soname == name || module.name() == name ||
        (module.soname.empty() && BaseName(module.name()) == name)) {
      return ModuleId(i);
    }
  }
  return ModuleId();
}

// The module of the graph that is the same file under another name.
ModuleId FindByIdentity(const LinkGraph& graph, const ModuleSource& source) {
  if (source.identity().inode == 0) return ModuleId();
  for (uint32_t i = 0; i < graph.modules.size(); ++i) {
    if (graph.modules[ModuleId(i)].source.identity() == source.identity()) {
      return ModuleId(i);
    }
  }
  return ModuleId();
}

absl::Status ResolveDependency(LinkGraph& graph, ModuleId requester_id,
                               size_t index, Resolver& resolver,
                               const HostModules& host) {
  const auto dependency = [&]() -> Dependency& {
    return graph.modules[requester_id].dependencies[index];
  };
  if (dependency().module_id.has_value() || dependency().host_id.has_value()) {
    return absl::OkStatus();
  }
  dependency().module_id = FindByName(graph, dependency().name);
  if (dependency().module_id.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(
      Resolution resolution,
      resolver.Resolve(dependency().name, graph.modules[requester_id], host));
  if (const auto* host_id = std::get_if<HostModuleId>(&resolution)) {
    dependency().host_id = *host_id;
    return absl::OkStatus();
  }
  auto& source = std::get<ModuleSource>(resolution);
  dependency().module_id = FindByIdentity(graph, source);
  if (dependency().module_id.has_value()) return absl::OkStatus();
  absl::StatusOr<Module> module = ScanModule(std::move(source));
  if (!module.ok()) {
    return Annotate(module.status(), graph.modules[requester_id].name());
  }
  const ModuleId added = graph.modules.Add(*std::move(module));
  dependency().module_id = added;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<LinkGraph> ScanClosure(Module root, Resolver& resolver,
                                      const HostModules& host) {
  LinkGraph graph;
  graph.root_id = graph.modules.Add(std::move(root));
  RETURN_IF_ERROR(AddDependencies(graph, resolver, host));
  return graph;
}

absl::Status AddDependencies(LinkGraph& graph, Resolver& resolver,
                             const HostModules& host) {
  // The table grows while it is walked, which makes the walk breadth-first.
  for (uint32_t i = 0; i < graph.modules.size(); ++i) {
    const size_t count = graph.modules[ModuleId(i)].dependencies.size();
    for (size_t j = 0; j < count; ++j) {
      RETURN_IF_ERROR(ResolveDependency(graph, ModuleId(i), j, resolver, host));
    }
  }
  return absl::OkStatus();
}

std::vector<ScopeEntry> BreadthFirst(const LinkGraph& graph,
                                     const HostModules& host) {
  std::vector<ScopeEntry> order;
  std::vector<bool> seen(graph.modules.size());
  std::vector<bool> host_seen(host.modules().size());
  const auto add = [&](ModuleId id) {
    if (seen[id.index()]) return;
    seen[id.index()] = true;
    order.push_back({id, HostModuleId()});
  };
  const auto add_host = [&](HostModuleId id) {
    if (!id.has_value() || host_seen[id.index()]) return;
    host_seen[id.index()] = true;
    order.push_back({ModuleId(), id});
  };
  add(graph.root_id);
  for (size_t i = 0; i < order.size(); ++i) {
    const ScopeEntry entry = order[i];
    if (entry.module_id.has_value()) {
      for (const Dependency& needed :
           graph.modules[entry.module_id].dependencies) {
        needed.module_id.has_value() ? add(needed.module_id)
                                     : add_host(needed.host_id);
      }
    } else {
      for (const std::string& name : host[entry.host_id]->needed) {
        add_host(host.Find(name));
      }
    }
  }
  return order;
}

std::vector<ModuleId> DependenciesFirst(const LinkGraph& graph) {
  std::vector<ModuleId> order;
  std::vector<bool> seen(graph.modules.size());
  // Each frame is a module and the next of its dependencies to visit.
  std::vector<std::pair<ModuleId, size_t>> stack;
  const auto enter = [&](ModuleId id) {
    if (!id.has_value() || seen[id.index()]) return;
    seen[id.index()] = true;
    stack.emplace_back(id, 0);
  };
  const auto visit = [&](ModuleId from) {
    enter(from);
    while (!stack.empty()) {
      auto& [id, next] = stack.back();
      const std::vector<Dependency>& dependencies =
          graph.modules[id].dependencies;
      if (next < dependencies.size()) {
        enter(dependencies[next++].module_id);
      } else {
        order.push_back(id);
        stack.pop_back();
      }
    }
  };
  // As ld.so: from the last module to the first, the root after all others.
  seen[graph.root_id.index()] = true;
  for (auto i = static_cast<uint32_t>(graph.modules.size()); i-- > 0;) {
    visit(ModuleId(i));
  }
  order.push_back(graph.root_id);
  return order;
}

}  // namespace relink
