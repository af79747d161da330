// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/link_group.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "relink/layout/layout.h"
#include "relink/link/object_group.h"
#include "relink/link/scan_closure.h"
#include "relink/link/step_reporter.h"
#include "relink/reloc/apply_fixups.h"
#include "relink/reloc/lazy_binder.h"
#include "relink/reloc/relocate.h"
#include "relink/reloc/scope_index.h"
#include "relink/runtime/symbol_overrides.h"
#include "relink/runtime/unique_symbols.h"
#include "relink/scan/objects/object_kind.h"
#include "relink/scan/scan_module.h"
#include "relink/scan/unwind_tables.h"
#include "relink/stage/placed_graph.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

absl::Status CheckKind(const Module& module, RootKind kind) {
  const bool executable = module.kind == ModuleKind::kExecutable;
  if (kind == RootKind::kEither ||
      (kind != RootKind::kObject &&
       executable == (kind == RootKind::kExecutable))) {
    return absl::OkStatus();
  }
  if (kind == RootKind::kObject) {
    return absl::InvalidArgumentError(
        absl::StrCat(module.name(), ": is no relocatable object; use Load"));
  }
  return absl::InvalidArgumentError(absl::StrCat(
      module.name(),
      executable ? ": is an executable, not a shared object; use LoadExec"
                 : ": is a shared object, not an executable; use LoadDylib"));
}

// At most so many symbols are looked up to relocate `graph`.
uint64_t CountSymbolicRelocations(const LinkGraph& graph) {
  constexpr uint64_t kSize = sizeof(elf::Rela<NativeElf>);
  uint64_t count = 0;
  for (const Module& module : graph.modules) {
    const elf::Dynamic& dynamic = module.dynamic;
    const uint64_t others = dynamic.rela.size / kSize;
    count += dynamic.jmprel.size / kSize + others -
             std::min(others, dynamic.relative_count);
  }
  return count;
}

// The bound modules of a placed graph and the scopes they are looked up in.
struct Binding {
  std::vector<BoundModule> modules;
  std::vector<const ScopeMember*> root_scope;  // The root and what it needs.
  // What a BindingContext refers to.
  std::vector<const ScopeMember*> global;
  std::vector<const ScopeMember*> local;
  std::vector<std::shared_ptr<void>> pins;
};

bool HasMember(Scope scope, const ScopeMember* member) {
  return std::ranges::find(scope, member) != scope.end();
}

void AddNew(Scope added, Scope except, std::vector<const ScopeMember*>& scope) {
  for (const ScopeMember* member : added) {
    if (!HasMember(except, member)) scope.push_back(member);
  }
}

// `nodes` are the root and what it needs, breadth-first.
absl::StatusOr<Binding> MakeScopes(const PlacedGraph& placed,
                                   const std::vector<ScopeNode>& nodes,
                                   const HostModules& host,
                                   const GroupOptions& options) {
  Binding binding;
  binding.modules.reserve(placed.graph().modules.size());
  for (uint32_t i = 0; i < placed.graph().modules.size(); ++i) {
    ASSIGN_OR_RETURN(BoundModule module,
                     ReadPlacedModule(placed, ModuleId(i), options.tls));
    binding.modules.push_back(std::move(module));
  }
  for (const ScopeNode& node : nodes) {
    if (node.host != nullptr) {
      ASSIGN_OR_RETURN(std::shared_ptr<void> pin, Pin(*node.host));
      if (pin != nullptr) binding.pins.push_back(std::move(pin));
    }
    binding.root_scope.push_back(
        node.module_id.has_value()
            ? &binding.modules[node.module_id.index()].member
        : node.loaded != nullptr ? &node.loaded->member()
                                 : &node.host->member);
  }
  std::vector<const ScopeMember*> context;
  if (options.store != nullptr) context = options.store->GlobalScope();
  const Scope process = options.process_scope ? host.global() : Scope();
  if (options.deep_bind) {
    binding.local = binding.root_scope;
    AddNew(process, binding.root_scope, binding.local);
    AddNew(context, binding.root_scope, binding.local);
  } else {
    binding.global.assign(process.begin(), process.end());
    binding.local = context;
    AddNew(binding.root_scope, context, binding.local);
    std::erase_if(binding.local, [&](const ScopeMember* member) {
      return HasMember(process, member);
    });
  }
  AddNew(options.last_scope, binding.local, binding.local);
  return binding;
}

// Finds the instance of a unique symbol that the process, or else the context,
// already has.
class UniqueFinder {
 public:
  UniqueFinder(const HostModules& host, ModuleStore* store)
      : host_(host), store_(store) {}

  UniqueDefinition Find(const elf::SymbolName& name) {
    if (const uint64_t address = host_.Find(name)) {
      return {.address = address, .owner = nullptr};
    }
    if (store_ == nullptr) return {};
    if (!modules_.has_value()) modules_ = store_->Modules();
    for (const ModuleRef& module : *modules_) {
      const ScopeMember& member = module->member();
      const uint32_t index = member.definitions.Find(name, {.newest = true});
      if (index == 0) continue;
      const Definition found{&member, index};
      if (found.symbol().bind() != elf::kStbGnuUnique) continue;
      return {.address = found.address(), .owner = &member};
    }
    return {};
  }

 private:
  UniqueSymbols host_;
  ModuleStore* store_;
  std::optional<std::vector<ModuleRef>> modules_;
};

absl::StatusOr<Closure> Scan(std::vector<ModuleSource> sources, RootKind kind,
                             const ClosureOptions& options) {
  const bool for_objects =
      kind == RootKind::kObject || kind == RootKind::kEither;
  if (for_objects &&
      (sources.size() > 1 || IsForStaticLinking(sources.front().prefix()))) {
    return ScanObjects(std::move(sources), options);
  }
  ASSIGN_OR_RETURN(Module root, ScanModule(std::move(sources.front())));
  RETURN_IF_ERROR(CheckKind(root, kind));
  return ScanClosure(std::move(root), options);
}

void TellMapped(const PlacedGraph& placed, Observer& observer) {
  for (uint32_t i = 0; i < placed.graph().modules.size(); ++i) {
    const Module& module = placed.module(ModuleId(i));
    const PlacedModule& where = placed.placed(ModuleId(i));
    if (where.in_arenas()) continue;
    for (const Segment& segment : module.segments) {
      observer.OnMapped(module, segment, where.Bulk(segment.memory));
    }
  }
}

}  // namespace

absl::StatusOr<LinkedGroup> LinkGroup(std::vector<ModuleSource> sources,
                                      const GroupOptions& options) {
  Observer* const observer = options.observer;
  const Pipeline* const pipeline = options.pipeline;
  StepReporter step(observer);

  step.Begin(LoadStep::kScan);
  const std::function<void(const SearchStep&)> trace =
      [observer](const SearchStep& search) { observer->OnSearch(search); };
  ASSIGN_OR_RETURN(Closure closure,
                   Scan(std::move(sources), options.kind,
                        {.resolver = options.resolver,
                         .store = options.store,
                         .trace = observer == nullptr ? nullptr : &trace}));
  if (observer != nullptr) {
    for (Module& module : closure.graph.modules) observer->OnScanned(module);
  }
  const std::vector<ScopeNode> nodes = BreadthFirst(closure);
  const HostModules& host = *closure.host;
  LinkGraph graph = std::move(closure.graph);

  if (pipeline != nullptr) {
    step.Begin(LoadStep::kGraphPasses);
    RETURN_IF_ERROR(RunGraphPasses(*pipeline, graph));
    RETURN_IF_ERROR(AddUnwindTables(graph));
  }

  const uint64_t lookups = CountSymbolicRelocations(graph);

  step.Begin(LoadStep::kLayout);
  ASSIGN_OR_RETURN(Layout layout,
                   PlanLayout(graph, {.page_size = options.backend.page_size(),
                                      .hint = options.hint}));
  PlaceInReach(graph, layout);

  step.Begin(LoadStep::kStage);
  ASSIGN_OR_RETURN(PlacedGraph placed,
                   Stage(std::move(graph), std::move(layout), options.backend));
  if (observer != nullptr) TellMapped(placed, *observer);

  step.Begin(LoadStep::kRelocate);
  ASSIGN_OR_RETURN(Binding binding, MakeScopes(placed, nodes, host, options));
  const auto overrides = SymbolOverrides(options.tls);
  std::optional<ScopeIndex> local_index;
  if (ScopeIndex::Pays(binding.local, lookups)) {
    local_index.emplace(binding.local);
  }
  UniqueFinder unique_symbols(host, options.store);
  BindingContext context = {
      .first = options.first_scope,
      .global = binding.global,
      .global_filter = binding.global.empty() ? elf::HashFilter()
                                              : host.GlobalFilter(lookups),
      .local = binding.local,
      .local_index = local_index.has_value() ? &*local_index : nullptr,
      .host = host.all(),
      .find_unique =
          [&](const elf::SymbolName& name) {
            return unique_symbols.Find(name);
          },
      .overrides = overrides,
      .tls = &options.tls,
      .modules = binding.modules,
      .relocation_handler = options.relocation_handler,
      .find_undefined = options.find_undefined};
  if (observer != nullptr && observer->wants_bindings()) {
    context.on_bound = [observer](const SymbolBinding& bound) {
      observer->OnBound(bound);
    };
  }
  std::unique_ptr<LazyBinder> lazy_binder;
  if (options.lazy.has_value()) {
    LazyBinder::Options lazy = *options.lazy;
    lazy.keep_alive.push_back(closure.host);
    lazy_binder = MakeLazyBinder(context, std::move(lazy));
  }
  if (lazy_binder != nullptr) {
    context.lazy = lazy_binder.get();
    // Whatever is in scope may be bound to later.
    for (BoundModule& module : binding.modules) {
      module.bound_to = binding.local;
      module.bound_to.insert(module.bound_to.end(), options.first_scope.begin(),
                             options.first_scope.end());
    }
  }
  std::vector<ModuleId> dependencies_first = DependenciesFirst(placed.graph());
  ASSIGN_OR_RETURN(std::vector<PendingIndirect> indirects,
                   Relocate(placed, context, dependencies_first));

  if (pipeline != nullptr) {
    step.Begin(LoadStep::kPlacedPasses);
    RETURN_IF_ERROR(RunPlacedPasses(*pipeline, placed));
  }

  if (!placed.graph().arenas.empty()) {
    step.Begin(LoadStep::kFixups);
    RETURN_IF_ERROR(ApplyFixups(placed, context));
  }

  step.Begin(LoadStep::kFinish);
  if (!indirects.empty() && !options.backend.runs_here()) {
    return absl::FailedPreconditionError(absl::StrCat(
        placed.module(placed.graph().root_id).name(),
        ": has ifuncs, but its image is not mapped where they can run"));
  }
  const auto resolve = [&] { return ResolveIndirects(indirects); };
  const ResolveStep resolve_step(resolve);
  ASSIGN_OR_RETURN(LinkedImage image,
                   FinishImage(std::move(placed),
                               indirects.empty() ? nullptr : &resolve_step));
  step.End();
  if (pipeline != nullptr) TellPages(*pipeline, image);
  std::vector<const ScopeMember*> root_scope = binding.root_scope;
  for (std::shared_ptr<void>& opened : closure.opened) {
    binding.pins.push_back(std::move(opened));
  }
  return LinkedGroup{.image = {.host = closure.host,
                               .pins = std::move(binding.pins),
                               .image = std::move(image),
                               .modules = std::move(binding.modules),
                               .local_scope = std::move(binding.root_scope),
                               .init_order = std::move(dependencies_first),
                               .functions = {},
                               .lazy_binder = std::move(lazy_binder)},
                     .links = {.externals = std::move(closure.externals),
                               .host = closure.host,
                               .observer = observer,
                               .root_scope = std::move(root_scope),
                               .keeps = {}}};
}

}  // namespace relink
