// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/linker.h"

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "relink/capi/error.h"
#include "relink/capi/handles.h"
#include "relink/capi/hooks.h"
#include "relink/capi/relink.h"
#include "relink/capi/struct_size.h"
#include "relink/ir/module_source.h"
#include "relink/link/link_context.h"
#include "relink/link/make_pipeline.h"
#include "relink/link/pipeline.h"
#include "relink/link/search_path_resolver.h"
#include "relink/support/status_macros.h"

using relink::LinkContext;
using relink::Linker;
using relink::LoadOptions;
using relink::ModuleSource;
using relink::Pipeline;
using relink::RootKind;
using relink::SearchPathResolver;
using relink::TellDebugger;
using relink::capi::Answer;
using relink::capi::Argument;
using relink::capi::CheckFlags;
using relink::capi::FindUndefined;
using relink::capi::HookObserver;
using relink::capi::HookResolver;
using relink::capi::ReadStruct;
using relink::capi::Require;

// What a linker is given must not move.
struct relink_linker {
  relink_linker(const relink_hooks& hooks, SearchPathResolver::Options search,
                std::optional<Pipeline> passes, TellDebugger debugger)
      : observer(std::make_shared<HookObserver>(hooks)),
        resolver(hooks, std::move(search)),
        pipeline(std::move(passes)),
        linker({.resolver = &resolver,
                .observer = observer.get(),
                .pipeline = pipeline.has_value() ? &*pipeline : nullptr,
                .find_undefined = FindUndefined(hooks),
                .debugger = debugger}) {}

  std::shared_ptr<HookObserver> observer;
  HookResolver resolver;
  std::optional<Pipeline> pipeline;
  Linker linker;
};

namespace {

// Nothing if neither is given.
absl::StatusOr<std::optional<Pipeline>> PipelineOf(const char* passes,
                                                   const char* profile) {
  if (passes == nullptr && profile == nullptr) return std::nullopt;
  ASSIGN_OR_RETURN(Pipeline pipeline,
                   relink::MakePipeline(relink::PassesWithProfile(
                       absl::NullSafeStringView(profile),
                       absl::NullSafeStringView(passes))));
  return std::optional<Pipeline>(std::move(pipeline));
}

absl::StatusOr<SearchPathResolver::Options> SearchOf(
    const relink_linker_options& options) {
  constexpr uint32_t kKnown = RELINK_WITHOUT_LIBRARY_PATH |
                              RELINK_WITHOUT_CACHE | RELINK_WITHOUT_SYSTEM;
  RETURN_IF_ERROR(CheckFlags("relink_linker_options", options.flags, kKnown));
  SearchPathResolver::Options search;
  search.use_library_path = (options.flags & RELINK_WITHOUT_LIBRARY_PATH) == 0;
  search.use_system_directories = (options.flags & RELINK_WITHOUT_SYSTEM) == 0;
  if ((options.flags & RELINK_WITHOUT_CACHE) != 0) search.cache.clear();
  if (options.directory_count == 0) return search;
  RETURN_IF_ERROR(Require({{"directories", options.directories}}));
  for (const char* directory :
       std::span(options.directories, options.directory_count)) {
    RETURN_IF_ERROR(Require({{"directories[]", directory}}));
    search.directories.emplace_back(directory);
  }
  return search;
}

absl::StatusOr<TellDebugger> DebuggerOf(const relink_linker_options& options) {
  switch (options.debugger) {
    case RELINK_DEBUGGER_IF_WATCHING:
      return TellDebugger::kIfWatching;
    case RELINK_DEBUGGER_ALWAYS:
      return TellDebugger::kAlways;
    case RELINK_DEBUGGER_NEVER:
      return TellDebugger::kNever;
  }
  return absl::InvalidArgumentError("relink_linker_options: no such debugger");
}

absl::StatusOr<relink_linker*> MakeLinker(const relink_linker_options* given) {
  ASSIGN_OR_RETURN(const relink_linker_options options,
                   ReadStruct("relink_linker_options", given));
  ASSIGN_OR_RETURN(const relink_hooks hooks,
                   ReadStruct("relink_hooks", options.hooks));
  ASSIGN_OR_RETURN(SearchPathResolver::Options search, SearchOf(options));
  ASSIGN_OR_RETURN(std::optional<Pipeline> pipeline,
                   PipelineOf(options.passes, options.profile));
  ASSIGN_OR_RETURN(const TellDebugger debugger, DebuggerOf(options));
  return new relink_linker(hooks, std::move(search), std::move(pipeline),
                           debugger);
}

absl::StatusOr<RootKind> KindOf(const relink_load_options& options) {
  switch (options.kind) {
    case RELINK_ANY:
      return RootKind::kEither;
    case RELINK_DYLIB:
      return RootKind::kDylib;
    case RELINK_EXECUTABLE:
      return RootKind::kExecutable;
    case RELINK_OBJECT:
      return RootKind::kObject;
  }
  return absl::InvalidArgumentError("relink_load_options: no such kind");
}

// What a load is given, and what that refers to.
struct Load {
  LinkContext context;
  std::optional<Pipeline> pipeline;
  LoadOptions options;
};

absl::StatusOr<std::unique_ptr<Load>> LoadOf(const relink_context* context,
                                             const relink_load_options* given) {
  ASSIGN_OR_RETURN(const relink_load_options options,
                   ReadStruct("relink_load_options", given));
  constexpr uint32_t kKnown = RELINK_GLOBAL | RELINK_LAZY | RELINK_DEEP_BIND |
                              RELINK_KEEP | RELINK_ONLY_IF_LOADED;
  RETURN_IF_ERROR(CheckFlags("relink_load_options", options.flags, kKnown));
  auto load = std::make_unique<Load>();
  if (context != nullptr) load->context = context->context;
  ASSIGN_OR_RETURN(load->options.kind, KindOf(options));
  load->options.global = (options.flags & RELINK_GLOBAL) != 0;
  load->options.lazy = (options.flags & RELINK_LAZY) != 0;
  load->options.deep_bind = (options.flags & RELINK_DEEP_BIND) != 0;
  load->options.keep = (options.flags & RELINK_KEEP) != 0;
  load->options.only_if_loaded = (options.flags & RELINK_ONLY_IF_LOADED) != 0;
  if (options.last_scope_count != 0) {
    RETURN_IF_ERROR(Require({{"last_scope", options.last_scope}}));
  }
  for (const relink_library* library :
       std::span(options.last_scope, options.last_scope_count)) {
    RETURN_IF_ERROR(Require({{"last_scope[]", library}}));
    load->options.last_scope.push_back(library->library);
  }
  if (options.caller != nullptr) {
    load->options.caller = options.caller->library;
  }
  ASSIGN_OR_RETURN(load->pipeline, PipelineOf(options.passes, options.profile));
  if (load->pipeline.has_value()) load->options.pipeline = &*load->pipeline;
  return load;
}

// The bytes as the module's own: it may live longer than the caller's.
ModuleSource CopyOf(const void* bytes, size_t size, const char* name) {
  const auto* const begin = static_cast<const std::byte*>(bytes);
  return ModuleSource::FromBytes({begin, begin + size}, name);
}

absl::StatusOr<std::vector<ModuleSource>> SourcesOf(
    std::span<const relink_source> given) {
  std::vector<ModuleSource> sources;
  for (const relink_source& source : given) {
    RETURN_IF_ERROR(Require({{"sources[].name", source.name}}));
    if (source.bytes != nullptr) {
      sources.push_back(CopyOf(source.bytes, source.byte_count, source.name));
    } else {
      ASSIGN_OR_RETURN(ModuleSource file, ModuleSource::Open(source.name));
      sources.push_back(std::move(file));
    }
  }
  return sources;
}

// What `load`, a function of Linker& and const Load&, loads. `required` are its
// arguments that must not be null.
template <typename Function>
relink_library* LoadBy(relink_linker* linker, const relink_context* context,
                       std::initializer_list<Argument> required,
                       const relink_load_options* options, relink_error** error,
                       Function load) {
  const auto run = [&]() -> absl::StatusOr<relink_library*> {
    RETURN_IF_ERROR(Require({{"linker", linker}}));
    RETURN_IF_ERROR(Require(required));
    ASSIGN_OR_RETURN(const std::unique_ptr<Load> how, LoadOf(context, options));
    ASSIGN_OR_RETURN(relink::Library library, load(linker->linker, *how));
    return new relink_library(std::move(library));
  };
  return Answer(run(), error);
}

}  // namespace

relink_linker* relink_linker_create(const relink_linker_options* options,
                                    relink_error** error) {
  return Answer(MakeLinker(options), error);
}

void relink_linker_free(relink_linker* linker) { delete linker; }

relink_library* relink_load(relink_linker* linker, relink_context* context,
                            const char* name,
                            const relink_load_options* options,
                            relink_error** error) {
  return LoadBy(linker, context, {{"name", name}}, options, error,
                [&](Linker& loads, const Load& how) {
                  return loads.Load(how.context, name, how.options);
                });
}

relink_library* relink_load_memory(relink_linker* linker,
                                   relink_context* context, const void* bytes,
                                   size_t size, const char* name,
                                   const relink_load_options* options,
                                   relink_error** error) {
  return LoadBy(linker, context, {{"bytes", bytes}, {"name", name}}, options,
                error, [&](Linker& loads, const Load& how) {
                  return loads.Load(how.context, CopyOf(bytes, size, name),
                                    how.options);
                });
}

relink_library* relink_load_descriptor(relink_linker* linker,
                                       relink_context* context, int descriptor,
                                       const char* name,
                                       const relink_load_options* options,
                                       relink_error** error) {
  return LoadBy(
      linker, context, {{"name", name}}, options, error,
      [&](Linker& loads, const Load& how) -> absl::StatusOr<relink::Library> {
        ASSIGN_OR_RETURN(ModuleSource source,
                         ModuleSource::FromDescriptor(descriptor, name));
        return loads.Load(how.context, std::move(source), how.options);
      });
}

relink_library* relink_load_objects(relink_linker* linker,
                                    relink_context* context,
                                    const relink_source* sources, size_t count,
                                    const relink_load_options* options,
                                    relink_error** error) {
  return LoadBy(
      linker, context, {{"sources", sources}}, options, error,
      [&](Linker& loads, const Load& how) -> absl::StatusOr<relink::Library> {
        ASSIGN_OR_RETURN(std::vector<ModuleSource> files,
                         SourcesOf(std::span(sources, count)));
        return loads.LoadObjects(how.context, std::move(files), how.options);
      });
}
