// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/linker.h"

#include <cstdlib>
#include <functional>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "relink/elf/constants.h"
#include "relink/link/environment_pipeline.h"
#include "relink/link/search_path_resolver.h"
#include "relink/link/step_reporter.h"
#include "relink/map/recycling_backend.h"
#include "relink/map/system_backend.h"
#include "relink/runtime/host_modules.h"
#include "relink/runtime/process_tls.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

MappingBackend& DefaultBackend() {
  // Never destroyed: libraries may outlive static destruction.
  static RecyclingBackend& backend = *new RecyclingBackend(SystemBackend());
  return backend;
}

std::vector<ModuleSource> AsList(ModuleSource source) {
  std::vector<ModuleSource> sources;
  sources.push_back(std::move(source));
  return sources;
}

// The host's library as a module to look symbols up in.
absl::StatusOr<LoadedModule*> AdoptHost(ModuleStore& store,
                                        const HostModules::Entry& entry) {
  struct Owner {
    HostModules::Entry entry;
    std::shared_ptr<void> pin;
  };
  ASSIGN_OR_RETURN(std::shared_ptr<void> pin, Pin(*entry));
  return store.Adopt(entry->member, entry->path,
                     std::make_shared<const Owner>(Owner{entry, pin}));
}

}  // namespace

Linker::Linker(Options options)
    : options_(std::move(options)),
      tls_(options_.tls != nullptr ? *options_.tls : ProcessTls()) {
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

Linker::~Linker() = default;

absl::StatusOr<LinkedGroup> Linker::LinkRoot(std::vector<ModuleSource> sources,
                                             const LinkContext* context,
                                             const LoadOptions& options) {
  if (!environment_pipeline_.ok()) return environment_pipeline_.status();
  const Pipeline* const pipeline =
      options.pipeline == nullptr ? options_.pipeline : options.pipeline;
  GroupOptions group{.backend = *options_.backend,
                     .resolver = *options_.resolver,
                     .tls = tls_,
                     .kind = options.kind,
                     .observer = options_.observer,
                     .pipeline = pipeline,
                     .hint = options_.hint,
                     .deep_bind = options.deep_bind,
                     .relocation_handler = options_.relocation_handler,
                     .find_undefined = options_.find_undefined};
  if (options.lazy && std::getenv("LD_BIND_NOW") == nullptr) {
    group.lazy.emplace().on_failure = options_.on_lazy_failure;
  }
  if (context != nullptr) {
    group.store = context->state_->store.get();
    group.first_scope = context->state_->first;
    group.process_scope = context->state_->options.process_scope;
  }
  for (const Library& library : options.last_scope) {
    const auto& members = library.module()->scope().members();
    group.last_scope.insert(group.last_scope.end(), members.begin(),
                            members.end());
  }
  std::unique_lock<std::mutex> turn;
  if (pipeline != nullptr) turn = std::unique_lock(passes_mutex_);
  ASSIGN_OR_RETURN(LinkedGroup linked, LinkGroup(std::move(sources), group));
  for (const Library& library : options.last_scope) {
    linked.links.keeps.push_back(library.module());
  }
  return linked;
}

Library Linker::Use(const LinkContext& context, LoadedModule& module,
                    const LoadOptions& options) {
  ModuleStore& store = *context.state_->store;
  Library library(store.Open(module));
  if (options.global) store.MakeGlobal(module);
  if (options.keep) store.KeepForEver(module);
  return library;
}

absl::StatusOr<Resolution> Linker::ResolveRoot(absl::string_view name,
                                               const LoadOptions& options) {
  const Module* requester = nullptr;
  if (options.caller.has_value() && options.caller->has_image()) {
    const LoadedModule& caller = *options.caller->module();
    requester = &caller.image()->image().module(caller.id());
  }
  const std::function<void(const SearchStep&)> trace =
      [this](const SearchStep& step) { options_.observer->OnSearch(step); };
  const auto host = HostModules::Current();
  return options_.resolver->Resolve(
      {.name = name,
       .requester = requester,
       .host_requester =
           requester == nullptr ? options.host_caller.get() : nullptr,
       .loaders = {},
       .host = *host,
       .trace = options_.observer == nullptr ? nullptr : &trace});
}

absl::StatusOr<Library> Linker::Load(const LinkContext& context,
                                     absl::string_view name,
                                     const LoadOptions& options) {
  ModuleStore& store = *context.state_->store;
  const ModuleStore::Lock lock(store);
  if (LoadedModule* found = store.Find(name)) {
    return Use(context, *found, options);
  }
  if (absl::StrContains(name, '/')) {
    ASSIGN_OR_RETURN(ModuleSource source, ModuleSource::Open(name));
    return Load(context, std::move(source), options);
  }
  // The host's modules may go as soon as nobody has the snapshot's pins.
  const auto host = HostModules::Current();
  ASSIGN_OR_RETURN(Resolution resolution, ResolveRoot(name, options));
  if (auto* source = std::get_if<ModuleSource>(&resolution)) {
    return Load(context, std::move(*source), options);
  }
  if (auto* loaded = std::get_if<ModuleRef>(&resolution)) {
    return Use(context, **loaded, options);
  }
  if (const auto* id = std::get_if<HostModuleId>(&resolution)) {
    ASSIGN_OR_RETURN(LoadedModule * adopted, AdoptHost(store, (*host)[*id]));
    return Use(context, *adopted, options);
  }
  return absl::UnimplementedError(
      absl::StrCat(name, ": the root of a load cannot come through dlopen"));
}

absl::StatusOr<Library> Linker::Load(const LinkContext& context,
                                     ModuleSource source,
                                     const LoadOptions& options) {
  ModuleStore& store = *context.state_->store;
  const ModuleStore::Lock lock(store);
  if (LoadedModule* found = store.Find(source.identity())) {
    return Use(context, *found, options);
  }
  if (options.only_if_loaded) {
    return absl::NotFoundError(
        absl::StrCat(source.name(), ": is not loaded in this context"));
  }
  return LoadNew(context, AsList(std::move(source)), options);
}

absl::StatusOr<Library> Linker::LoadObjects(const LinkContext& context,
                                            std::vector<ModuleSource> sources,
                                            const LoadOptions& options) {
  if (sources.empty()) {
    return absl::InvalidArgumentError("there is no object to load");
  }
  const ModuleStore::Lock lock(*context.state_->store);
  LoadOptions as_objects = options;
  as_objects.kind = RootKind::kObject;
  return LoadNew(context, std::move(sources), as_objects);
}

absl::StatusOr<Library> Linker::LoadNew(const LinkContext& context,
                                        std::vector<ModuleSource> sources,
                                        const LoadOptions& options) {
  ModuleStore& store = *context.state_->store;
  ASSIGN_OR_RETURN(LinkedGroup linked,
                   LinkRoot(std::move(sources), &context, options));
  StepReporter step(options_.observer);
  step.Begin(LoadStep::kCommit);
  const std::vector<ModuleId> init_order = linked.image.init_order;
  ASSIGN_OR_RETURN(
      const std::shared_ptr<LiveImage> live,
      LiveImage::Commit(std::move(linked.image), tls_, options_.debugger));
  const std::vector<LoadedModule*> modules =
      store.Adopt(live, std::move(linked.links));
  const LinkGraph& graph = live->image().graph();
  Library library = Use(context, *modules[graph.root_id.index()], options);
  std::vector<LoadedModule*> to_initialize;
  for (const ModuleId id : init_order) {
    to_initialize.push_back(modules[id.index()]);
    if ((graph.modules[id].dynamic.flags_1 & elf::kDf1Nodelete) != 0) {
      store.KeepForEver(*modules[id.index()]);
    }
  }
  store.Initialize(to_initialize);
  step.End();
  return library;
}

absl::StatusOr<BoundImage> Linker::Link(ModuleSource source,
                                        const LoadOptions& options) {
  ASSIGN_OR_RETURN(LinkedGroup linked,
                   LinkRoot(AsList(std::move(source)), nullptr, options));
  return std::move(linked.image);
}

}  // namespace relink
