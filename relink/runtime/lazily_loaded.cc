// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/lazily_loaded.h"

#include <utility>
#include <vector>

#include "relink/elf/symbol_name.h"
#include "relink/layout/layout.h"
#include "relink/map/posix_backend.h"
#include "relink/reloc/relocate.h"
#include "relink/runtime/host_modules.h"
#include "relink/runtime/symbol_overrides.h"
#include "relink/runtime/thread_local_storage.h"
#include "relink/scan/scan_module.h"
#include "relink/stage/placed_graph.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {

absl::StatusOr<std::unique_ptr<LazilyLoaded>> LazilyLoaded::Load(
    const std::string& path, const Options& options) {
  static PosixBackend backend;
  TlsProvider& tls = ThreadLocalStorage::Process();
  LinkGraph graph;
  ASSIGN_OR_RETURN(ModuleSource source, ModuleSource::Open(path));
  ASSIGN_OR_RETURN(Module module, ScanModule(std::move(source)));
  graph.root_id = graph.modules.Add(std::move(module));
  ASSIGN_OR_RETURN(
      Layout layout,
      PlanLayout(graph, {.page_size = backend.page_size(), .hint = {}}));
  ASSIGN_OR_RETURN(PlacedGraph placed,
                   Stage(std::move(graph), std::move(layout), backend));
  std::vector<BoundModule> modules;
  ASSIGN_OR_RETURN(BoundModule bound,
                   ReadPlacedModule(placed, ModuleId(0), tls));
  modules.push_back(std::move(bound));

  const auto host = HostModules::Current();
  std::vector<const ScopeMember*> local = {&modules[0].member};
  LazyBinder::Options lazy_options = {.keep_alive = {},
                                      .on_failure = options.on_failure,
                                      .vector_state = options.vector_state};
  lazy_options.keep_alive.push_back(host);
  if (options.more != nullptr) {
    local.push_back(&options.more->member());
    lazy_options.keep_alive.push_back(options.more);
  }
  const auto overrides = SymbolOverrides(tls);
  BindingContext context;
  context.global = host->global();
  context.local = local;
  context.host = host->all();
  context.overrides = overrides;
  context.tls = &tls;
  context.modules = modules;
  context.relocation_handler = options.relocation_handler;
  context.find_undefined = options.find_undefined;
  context.on_bound = options.on_bound;
  auto binder = std::make_unique<LazyBinder>(context, std::move(lazy_options));
  if (options.lazy) context.lazy = binder.get();

  const std::vector<ModuleId> order = {ModuleId(0)};
  ASSIGN_OR_RETURN(const std::vector<PendingIndirect> indirects,
                   Relocate(placed, context, order));
  const auto resolve = [&] { return ResolveIndirects(indirects); };
  const ResolveStep resolve_step(resolve);
  ASSIGN_OR_RETURN(LinkedImage image,
                   FinishImage(std::move(placed), &resolve_step));
  std::unique_ptr<LazilyLoaded> loaded(new LazilyLoaded());
  ASSIGN_OR_RETURN(loaded->live_,
                   LiveImage::Commit({.host = {},
                                      .pins = {},
                                      .image = std::move(image),
                                      .modules = std::move(modules),
                                      .local_scope = std::move(local),
                                      .init_order = order,
                                      .functions = {},
                                      .lazy_binder = std::move(binder)},
                                     tls));
  RunInit(loaded->live_->functions(ModuleId(0)), {});
  return loaded;
}

void* LazilyLoaded::Find(absl::string_view name) const {
  const ScopeMember* member = &live_->modules()[0].member;
  const Definition found =
      FindInScope({&member, 1}, elf::SymbolName(Ref(name)), {.newest = true});
  return found.owner == nullptr ? nullptr
                                : reinterpret_cast<void*>(found.address());
}

}  // namespace relink
