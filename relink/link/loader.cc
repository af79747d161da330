// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/loader.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "relink/layout/layout.h"
#include "relink/link/make_pipeline.h"
#include "relink/link/scan_closure.h"
#include "relink/map/posix_backend.h"
#include "relink/map/recycling_backend.h"
#include "relink/reloc/apply_fixups.h"
#include "relink/reloc/relocate.h"
#include "relink/runtime/symbol_overrides.h"
#include "relink/runtime/thread_local_storage.h"
#include "relink/runtime/unique_symbols.h"
#include "relink/scan/scan_module.h"
#include "relink/scan/unwind_tables.h"
#include "relink/stage/placed_graph.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

MappingBackend& DefaultBackend() {
  // Never destroyed: libraries may outlive static destruction.
  static PosixBackend& system = *new PosixBackend();
  static RecyclingBackend& backend = *new RecyclingBackend(system);
  return backend;
}

// Tells the observer of the steps of one load; each ends where the next begins.
class StepReporter {
 public:
  explicit StepReporter(Observer* observer) : observer_(observer) {}
  void Begin(LoadStep step) {
    if (observer_ == nullptr) return;
    End();
    step_ = step;
    running_ = true;
    observer_->OnStepBegin(step);
  }
  void End() {
    if (running_) observer_->OnStepEnd(step_);
    running_ = false;
  }

 private:
  Observer* observer_;
  LoadStep step_ = LoadStep::kScan;
  bool running_ = false;
};

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

// The bound modules of a placed graph and the scope they are looked up in.
struct Binding {
  std::vector<BoundModule> modules;
  std::vector<const ScopeMember*> local_scope;
  std::vector<const ScopeMember*> after_global;  // Less what is global anyway.
  std::vector<HostModules::Entry> host;
  std::vector<std::shared_ptr<void>> pins;
};

absl::StatusOr<Binding> MakeScope(const PlacedGraph& placed,
                                  const HostModules& host, TlsProvider& tls) {
  Binding binding;
  binding.modules.reserve(placed.graph().modules.size());
  for (uint32_t i = 0; i < placed.graph().modules.size(); ++i) {
    ASSIGN_OR_RETURN(BoundModule module,
                     ReadPlacedModule(placed, ModuleId(i), tls));
    binding.modules.push_back(std::move(module));
  }
  for (const ScopeEntry& entry : BreadthFirst(placed.graph(), host)) {
    if (entry.module_id.has_value()) {
      binding.local_scope.push_back(
          &binding.modules[entry.module_id.index()].member);
      continue;
    }
    const HostModules::Entry& module = host[entry.host_id];
    ASSIGN_OR_RETURN(std::shared_ptr<void> pin, Pin(*module));
    if (pin != nullptr) binding.pins.push_back(std::move(pin));
    binding.host.push_back(module);
    binding.local_scope.push_back(&module->member);
  }
  for (const ScopeMember* member : binding.local_scope) {
    const Scope global = host.global();
    if (std::ranges::find(global, member) == global.end()) {
      binding.after_global.push_back(member);
    }
  }
  return binding;
}

}  // namespace

Loader::Loader() : Loader(Options()) {}

Loader::Loader(Options options)
    : options_(options), tls_(ThreadLocalStorage::Process()) {
  if (options_.pipeline == nullptr) {
    environment_pipeline_ = PipelineOfEnvironment();
    if (environment_pipeline_.ok() && environment_pipeline_->has_value()) {
      options_.pipeline = &**environment_pipeline_;
    }
  }
  if (options_.backend == nullptr) options_.backend = &DefaultBackend();
  if (options_.resolver == nullptr) {
    default_resolver_ = std::make_unique<SearchPathResolver>();
    options_.resolver = default_resolver_.get();
  }
}

Loader::~Loader() = default;

absl::StatusOr<BoundImage> Loader::LinkAs(ModuleSource source, Expect expect,
                                          const Pipeline* pipeline) {
  if (!environment_pipeline_.ok()) return environment_pipeline_.status();
  std::lock_guard lock(mutex_);
  StepReporter step(options_.observer);

  step.Begin(LoadStep::kScan);
  host_.Refresh();
  ASSIGN_OR_RETURN(Module root, ScanModule(std::move(source)));
  RETURN_IF_ERROR(CheckKind(root, expect));
  ASSIGN_OR_RETURN(LinkGraph graph,
                   ScanClosure(std::move(root), *options_.resolver, host_));

  if (pipeline != nullptr) {
    step.Begin(LoadStep::kGraphPasses);
    RETURN_IF_ERROR(RunGraphPasses(*pipeline, graph));
    RETURN_IF_ERROR(AddUnwindTables(graph));
  }

  host_.ExpectLookups(CountSymbolicRelocations(graph));

  step.Begin(LoadStep::kLayout);
  ASSIGN_OR_RETURN(
      Layout layout,
      PlanLayout(graph, {.page_size = options_.backend->page_size(),
                         .hint = options_.hint}));

  step.Begin(LoadStep::kStage);
  ASSIGN_OR_RETURN(
      PlacedGraph placed,
      Stage(std::move(graph), std::move(layout), *options_.backend));

  step.Begin(LoadStep::kRelocate);
  ASSIGN_OR_RETURN(Binding binding, MakeScope(placed, host_, tls_));
  const auto overrides = SymbolOverrides(tls_);
  UniqueSymbols unique_symbols(host_);
  const BindingContext context = {.global = host_.global(),
                                  .global_filter = host_.global_filter(),
                                  .local = binding.after_global,
                                  .host = host_.all(),
                                  .find_host_unique =
                                      [&](const elf::SymbolName& name) {
                                        return unique_symbols.Find(name);
                                      },
                                  .overrides = overrides,
                                  .tls = &tls_,
                                  .modules = binding.modules};
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
  if (!indirects.empty() && !options_.backend->runs_here()) {
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
  return BoundImage{.host = std::move(binding.host),
                    .pins = std::move(binding.pins),
                    .image = std::move(image),
                    .modules = std::move(binding.modules),
                    .local_scope = std::move(binding.local_scope),
                    .init_order = std::move(dependencies_first),
                    .functions = {}};
}

absl::StatusOr<Library> Loader::LoadAs(absl::StatusOr<ModuleSource> source,
                                       Expect expect,
                                       const Pipeline* pipeline) {
  if (!source.ok()) return source.status();
  ASSIGN_OR_RETURN(BoundImage bound,
                   LinkAs(*std::move(source), expect, pipeline));
  StepReporter step(options_.observer);
  step.Begin(LoadStep::kCommit);
  ASSIGN_OR_RETURN(
      std::shared_ptr<LiveImage> live,
      LiveImage::Commit(std::move(bound), tls_, options_.debugger));
  step.End();
  return Library(std::move(live));
}

absl::Status Loader::CheckKind(const Module& module, Expect expect) {
  const bool exec = module.kind == ModuleKind::kExecutable;
  if (expect == Expect::kEither || exec == (expect == Expect::kExec)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      module.name(),
      exec ? ": is an executable, not a shared object; use LoadExec"
           : ": is a shared object, not an executable; use "
             "LoadDylib"));
}

absl::StatusOr<Library> Loader::LoadDylib(absl::string_view path) {
  return LoadAs(ModuleSource::Open(path), Expect::kDylib, options_.pipeline);
}
absl::StatusOr<Library> Loader::LoadDylib(ModuleSource source) {
  return LoadAs(std::move(source), Expect::kDylib, options_.pipeline);
}
absl::StatusOr<Library> Loader::LoadExec(absl::string_view path) {
  return LoadAs(ModuleSource::Open(path), Expect::kExec, options_.pipeline);
}
absl::StatusOr<Library> Loader::LoadExec(ModuleSource source) {
  return LoadAs(std::move(source), Expect::kExec, options_.pipeline);
}
absl::StatusOr<Library> Loader::Load(absl::string_view path) {
  return LoadAs(ModuleSource::Open(path), Expect::kEither, options_.pipeline);
}
absl::StatusOr<Library> Loader::Load(ModuleSource source) {
  return LoadAs(std::move(source), Expect::kEither, options_.pipeline);
}
absl::StatusOr<Library> Loader::LoadScanFirst(absl::string_view path,
                                              const Pipeline& pipeline) {
  return LoadAs(ModuleSource::Open(path), Expect::kEither, &pipeline);
}
absl::StatusOr<Library> Loader::LoadScanFirst(ModuleSource source,
                                              const Pipeline& pipeline) {
  return LoadAs(std::move(source), Expect::kEither, &pipeline);
}
absl::StatusOr<BoundImage> Loader::Link(ModuleSource source) {
  return LinkAs(std::move(source), Expect::kEither, options_.pipeline);
}

}  // namespace relink
