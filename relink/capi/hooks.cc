// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/capi/hooks.h"

#include <cstddef>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "relink/capi/module_data.h"
#include "relink/runtime/loaded_module.h"
#include "relink/support/status_macros.h"

namespace relink::capi {
namespace {

constexpr relink_step StepOf(LoadStep step) {
  return static_cast<relink_step>(step);
}
static_assert(StepOf(LoadStep::kScan) == RELINK_STEP_SCAN);
static_assert(StepOf(LoadStep::kGraphPasses) == RELINK_STEP_GRAPH_PASSES);
static_assert(StepOf(LoadStep::kLayout) == RELINK_STEP_LAYOUT);
static_assert(StepOf(LoadStep::kStage) == RELINK_STEP_STAGE);
static_assert(StepOf(LoadStep::kRelocate) == RELINK_STEP_RELOCATE);
static_assert(StepOf(LoadStep::kPlacedPasses) == RELINK_STEP_PLACED_PASSES);
static_assert(StepOf(LoadStep::kFixups) == RELINK_STEP_FIXUPS);
static_assert(StepOf(LoadStep::kFinish) == RELINK_STEP_FINISH);
static_assert(StepOf(LoadStep::kCommit) == RELINK_STEP_COMMIT);

absl::StatusOr<SearchPathResolver::Policy> PolicyOf(
    absl::string_view name, const relink_resolution& resolution) {
  const absl::string_view text = absl::NullSafeStringView(resolution.text);
  switch (resolution.origin) {
    case RELINK_FROM_MEMORY:
      if (resolution.bytes == nullptr) break;
      return SearchPathResolver::Memory{
          {static_cast<const std::byte*>(resolution.bytes),
           resolution.byte_count}};
    case RELINK_FROM_HOST:
      return SearchPathResolver::UseHost{};
    case RELINK_OWN_COPY:
      return SearchPathResolver::OwnCopy{};
    case RELINK_FROM_PATH:
      if (text.empty()) break;
      return SearchPathResolver::Path{std::string(text)};
    case RELINK_FROM_DLOPEN:
      if (text.empty()) break;
      return ThroughDlopen{std::string(text)};
    case RELINK_REFUSE:
      return SearchPathResolver::Refuse{std::string(text)};
    default:
      break;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      name, ": the hook `resolve` does not say what it is resolved to"));
}

}  // namespace

void HookObserver::OnStepBegin(LoadStep step) {
  if (hooks_.step_begin != nullptr) {
    hooks_.step_begin(hooks_.data, StepOf(step));
  }
}

void HookObserver::OnStepEnd(LoadStep step) {
  if (hooks_.step_end != nullptr) hooks_.step_end(hooks_.data, StepOf(step));
}

void HookObserver::OnSearch(const SearchStep& step) {
  if (hooks_.searched == nullptr) return;
  const std::string requester(step.requester);
  const std::string name(step.name);
  const std::string rule(Name(step.rule));
  const std::string outcome(Name(step.outcome));
  const relink_search search = {.requester = requester.c_str(),
                                .name = name.c_str(),
                                .rule = rule.c_str(),
                                .place = step.place.c_str(),
                                .outcome = outcome.c_str()};
  hooks_.searched(hooks_.data, &search);
}

void HookObserver::OnScanned(Module& module) {
  module.user_data = std::make_shared<ModuleData>(shared_from_this());
  if (hooks_.scanned != nullptr) {
    hooks_.scanned(hooks_.data, module.name().c_str());
  }
}

void HookObserver::OnMapped(const Module& module, const Segment& /*segment*/,
                            RuntimeRange memory) {
  if (hooks_.mapped == nullptr) return;
  hooks_.mapped(hooks_.data, module.name().c_str(),
                reinterpret_cast<const void*>(memory.begin.value()),
                memory.size);
}

void HookObserver::OnBound(const SymbolBinding& binding) {
  const std::string module(binding.reference.module.name);
  const std::string symbol(binding.reference.name);
  const std::string version(binding.reference.version);
  std::string definer;
  if (binding.definer != nullptr) definer = std::string(binding.definer->name);
  const relink_binding bound = {
      .module = module.c_str(),
      .symbol = symbol.c_str(),
      .version = version.c_str(),
      .definer = binding.definer == nullptr ? nullptr : definer.c_str(),
      .address = binding.address,
      .indirect = binding.indirect};
  hooks_.bound(hooks_.data, &bound);
}

void HookObserver::CallInit(const LoadedModule& module,
                            const InitFunctions& functions,
                            const ProcessArguments& arguments) {
  Observer::CallInit(module, functions, arguments);
  if (hooks_.loaded == nullptr) return;
  hooks_.loaded(hooks_.data, module.name().c_str(),
                module.image()->image().placed(module.id()).bias());
}

void HookObserver::OnUnload(const LoadedModule& module) {
  if (hooks_.unloaded != nullptr) {
    hooks_.unloaded(hooks_.data, module.name().c_str());
  }
}

absl::StatusOr<Resolution> HookResolver::Resolve(
    const DependencyRequest& request) {
  relink_resolution resolution = {RELINK_SEARCH, nullptr, nullptr, 0};
  if (hooks_.resolve != nullptr) {
    hooks_.resolve(hooks_.data, std::string(request.name).c_str(),
                   std::string(request.requester_name()).c_str(), &resolution);
  }
  if (resolution.origin == RELINK_SEARCH) return search_.Resolve(request);
  ASSIGN_OR_RETURN(SearchPathResolver::Policy policy,
                   PolicyOf(request.name, resolution));
  SearchPathResolver once(options_);
  once.Set(request.name, std::move(policy));
  return once.Resolve(request);
}

UndefinedSymbolHandler FindUndefined(const relink_hooks& hooks) {
  if (hooks.find_undefined == nullptr) return nullptr;
  return [find = hooks.find_undefined,
          data = hooks.data](const SymbolReference& symbol) -> uint64_t {
    return find(data, std::string(symbol.module.name).c_str(),
                std::string(symbol.name).c_str(),
                std::string(symbol.version).c_str());
  };
}

}  // namespace relink::capi
