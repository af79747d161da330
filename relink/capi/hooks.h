// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_CAPI_HOOKS_H_
#define RELINK_CAPI_HOOKS_H_

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "relink/capi/relink.h"
#include "relink/link/observer.h"
#include "relink/link/resolver.h"
#include "relink/link/search_path_resolver.h"
#include "relink/reloc/symbol_reference.h"

namespace relink::capi {

// Tells the caller's functions. Modules keep it, see ModuleData.
class HookObserver final : public Observer,
                           public std::enable_shared_from_this<HookObserver> {
 public:
  explicit HookObserver(const relink_hooks& hooks) : hooks_(hooks) {}

  void OnStepBegin(LoadStep step) override;
  void OnStepEnd(LoadStep step) override;
  void OnSearch(const SearchStep& step) override;
  void OnScanned(Module& module) override;
  void OnMapped(const Module& module, const Segment& segment,
                RuntimeRange memory) override;
  void OnBound(const SymbolBinding& binding) override;
  bool wants_bindings() const override { return hooks_.bound != nullptr; }
  void CallInit(const LoadedModule& module, const InitFunctions& functions,
                const ProcessArguments& arguments) override;
  void OnUnload(const LoadedModule& module) override;

 private:
  relink_hooks hooks_;
};

// Asks the caller first, and then searches.
class HookResolver final : public Resolver {
 public:
  HookResolver(const relink_hooks& hooks, SearchPathResolver::Options options)
      : hooks_(hooks), options_(std::move(options)), search_(options_) {}

  absl::StatusOr<Resolution> Resolve(const DependencyRequest& request) override;

 private:
  relink_hooks hooks_;
  SearchPathResolver::Options options_;
  SearchPathResolver search_;
};

// Asks the caller; null if there is no such hook.
UndefinedSymbolHandler FindUndefined(const relink_hooks& hooks);

}  // namespace relink::capi

#endif  // RELINK_CAPI_HOOKS_H_
