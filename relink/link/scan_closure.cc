// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/scan_closure.h"

#include <string>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "relink/runtime/host_dlfcn.h"
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

// Opens a library as the host does, to be used from there.
absl::StatusOr<std::shared_ptr<void>> OpenByHost(const std::string& path) {
  void* const handle = Host().dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    const char* const why = Host().dlerror();
    return absl::NotFoundError(
        absl::StrCat(path, ": not opened by dlopen: ",
                     why == nullptr ? "it does not say why" : why));
  }
  return std::shared_ptr<void>(handle,
                               [](void* open) { Host().dlclose(open); });
}

class ClosureScanner {
 public:
  explicit ClosureScanner(const ClosureOptions& options) : options_(options) {
    closure_.host = HostModules::Current();
  }

  absl::StatusOr<Closure> Scan(LinkGraph started) {
    closure_.graph = std::move(started);
    LinkGraph& graph = closure_.graph;
    loaders_.resize(graph.modules.size());
    // The table grows while it is walked, which makes the walk breadth-first.
    for (uint32_t i = 0; i < graph.modules.size(); ++i) {
      const size_t count = graph.modules[ModuleId(i)].dependencies.size();
      for (size_t j = 0; j < count; ++j) {
        RETURN_IF_ERROR(ResolveDependency(ModuleId(i), j));
      }
    }
    return std::move(closure_);
  }

 private:
  absl::Status ResolveDependency(ModuleId requester_id, size_t index) {
    LinkGraph& graph = closure_.graph;
    const auto dependency = [&]() -> Dependency& {
      return graph.modules[requester_id].dependencies[index];
    };
    if (dependency().module_id.has_value()) return absl::OkStatus();
    const std::string name = dependency().name;
    dependency().module_id = FindByName(graph, name);
    if (dependency().module_id.has_value()) {
      Tell(requester_id, name, graph.modules[dependency().module_id].name());
      return absl::OkStatus();
    }
    if (options_.store != nullptr) {
      if (LoadedModule* loaded = options_.store->Find(name)) {
        Tell(requester_id, name, loaded->name());
        dependency().external_id = AddExternal({.loaded = loaded, .host = {}});
        return absl::OkStatus();
      }
    }
    std::vector<const Module*> loaders;
    for (ModuleId id = loaders_[requester_id.index()]; id.has_value();
         id = loaders_[id.index()]) {
      loaders.push_back(&graph.modules[id]);
    }
    ASSIGN_OR_RETURN(
        Resolution resolution,
        options_.resolver.Resolve({.name = name,
                                   .requester = &graph.modules[requester_id],
                                   .loaders = loaders,
                                   .host = *closure_.host,
                                   .trace = options_.trace}));
    auto* source = std::get_if<ModuleSource>(&resolution);
    if (source == nullptr) {
      ASSIGN_OR_RETURN(dependency().external_id, Outside(resolution));
      return absl::OkStatus();
    }
    dependency().module_id = FindByIdentity(graph, *source);
    if (dependency().module_id.has_value()) return absl::OkStatus();
    if (options_.store != nullptr) {
      if (LoadedModule* loaded = options_.store->Find(source->identity())) {
        dependency().external_id = AddExternal({.loaded = loaded, .host = {}});
        return absl::OkStatus();
      }
    }
    absl::StatusOr<Module> module = ScanModule(std::move(*source));
    if (!module.ok()) {
      return Annotate(module.status(), graph.modules[requester_id].name());
    }
    dependency().module_id = graph.modules.Add(*std::move(module));
    loaders_.push_back(requester_id);
    return absl::OkStatus();
  }

  absl::StatusOr<ExternalId> Outside(const Resolution& resolution) {
    if (const auto* loaded = std::get_if<ModuleRef>(&resolution)) {
      closure_.opened.push_back(*loaded);
      return AddExternal({.loaded = loaded->get(), .host = {}});
    }
    if (const auto* through = std::get_if<ThroughDlopen>(&resolution)) {
      ASSIGN_OR_RETURN(std::shared_ptr<void> handle, OpenByHost(through->path));
      const link_map* map = nullptr;
      Host().dlinfo(handle.get(), RTLD_DI_LINKMAP, &map);
      closure_.opened.push_back(std::move(handle));
      closure_.host = HostModules::Current();
      for (const HostModules::Entry& entry : closure_.host->modules()) {
        if (map != nullptr && entry->member.addresses.bias() == map->l_addr &&
            entry->path == map->l_name) {
          return AddExternal({.loaded = nullptr, .host = entry});
        }
      }
      return absl::InternalError(absl::StrCat(
          through->path, ": dlopen did not add it to the process"));
    }
    const auto host_id = std::get<HostModuleId>(resolution);
    return AddExternal({.loaded = nullptr, .host = (*closure_.host)[host_id]});
  }

  ExternalId AddExternal(Need need) {
    return closure_.externals.Add(std::move(need));
  }

  void Tell(ModuleId requester_id, absl::string_view name,
            absl::string_view place) const {
    if (options_.trace == nullptr) return;
    (*options_.trace)({.requester = closure_.graph.modules[requester_id].name(),
                       .name = name,
                       .rule = SearchRule::kLoaded,
                       .place = std::string(place),
                       .outcome = SearchOutcome::kFound});
  }

  const ClosureOptions& options_;
  Closure closure_;
  std::vector<ModuleId> loaders_;  // By ModuleId: who needed it first.
};

}  // namespace

absl::StatusOr<Closure> ScanClosure(Module root,
                                    const ClosureOptions& options) {
  LinkGraph graph;
  graph.root_id = graph.modules.Add(std::move(root));
  return ScanDependencies(std::move(graph), options);
}

absl::StatusOr<Closure> ScanDependencies(LinkGraph graph,
                                         const ClosureOptions& options) {
  return ClosureScanner(options).Scan(std::move(graph));
}

std::vector<ScopeNode> BreadthFirst(const Closure& closure) {
  return WalkScope(
      {.module_id = closure.graph.root_id, .loaded = nullptr, .host = nullptr},
      *closure.host, [&](ModuleId id, std::vector<ScopeNode>& needs) {
        for (const Dependency& needed :
             closure.graph.modules[id].dependencies) {
          if (needed.module_id.has_value()) {
            needs.push_back({.module_id = needed.module_id,
                             .loaded = nullptr,
                             .host = nullptr});
          } else {
            const Need& need = closure.externals[needed.external_id];
            needs.push_back(
                {.module_id = {}, .loaded = need.loaded, .host = need.host});
          }
        }
      });
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
