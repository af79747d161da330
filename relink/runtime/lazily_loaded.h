// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUNTIME_LAZILY_LOADED_H_
#define RELINK_RUNTIME_LAZILY_LOADED_H_

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/reloc/lazy_binder.h"
#include "relink/reloc/relocation_handler.h"
#include "relink/reloc/symbol_reference.h"
#include "relink/reloc/synthetic_module.h"
#include "relink/reloc/vector_state.h"
#include "relink/runtime/live_image.h"

namespace relink {

// For tests only: one module that is loaded with its functions unbound. It sees
// the process and one synthetic module.
class LazilyLoaded {
 public:
  struct Options {
    bool lazy = true;
    std::shared_ptr<const SyntheticModule> more = nullptr;
    RelocationHandler* relocation_handler = nullptr;
    UndefinedSymbolHandler find_undefined = nullptr;
    SymbolObserver on_bound = nullptr;
    LazyBinder::FailureHandler on_failure = nullptr;
    VectorState vector_state = HostVectorState();
  };
  static absl::StatusOr<std::unique_ptr<LazilyLoaded>> Load(
      const std::string& path, const Options& options);

  // The address of a symbol of the module itself; null if it has none.
  void* Find(absl::string_view name) const;
  const LiveImage& live() const { return *live_; }

 private:
  LazilyLoaded() = default;

  std::shared_ptr<LiveImage> live_;
};

// For tests only: counts what is bound. Thread-safe.
class BindingCounts {
 public:
  void Add(absl::string_view name) {
    const std::lock_guard lock(mutex_);
    ++counts_[std::string(name)];
  }
  int Count(absl::string_view name) const {
    const std::lock_guard lock(mutex_);
    const auto found = counts_.find(std::string(name));
    return found == counts_.end() ? 0 : found->second;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, int> counts_;
};

}  // namespace relink

#endif  // RELINK_RUNTIME_LAZILY_LOADED_H_
