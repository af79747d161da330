// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUNTIME_LOADED_MODULE_H_
#define RELINK_RUNTIME_LOADED_MODULE_H_

#include <any>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"
#include "relink/ir/module_source.h"
#include "relink/reloc/scope.h"
#include "relink/runtime/host_modules.h"
#include "relink/runtime/live_image.h"
#include "relink/runtime/lookup_scope.h"
#include "relink/runtime/module_observer.h"
#include "relink/runtime/thread_exit.h"

namespace relink {

class LoadedModule;
class ModuleStore;

// Keeps a module, and so what it needs, from being unloaded.
using ModuleRef = std::shared_ptr<LoadedModule>;

// A module that another one needs: one of Relink's, or one of the host's.
struct Need {
  LoadedModule* loaded = nullptr;
  HostModules::Entry host;  // Null if `loaded` is not.
};

// One module of a context: a part of a live image, or symbols that somebody
// else owns. Belongs to its ModuleStore. What is const here is thread-safe for
// whoever has a ModuleRef.
class LoadedModule {
 public:
  LoadedModule(const LoadedModule&) = delete;
  LoadedModule& operator=(const LoadedModule&) = delete;

  const std::string& name() const { return name_; }
  absl::string_view soname() const { return member_->soname; }
  FileIdentity identity() const { return identity_; }
  const ScopeMember& member() const { return *member_; }

  // The image that it is a part of, as the module called id(); null if it has
  // none of its own.
  const std::shared_ptr<LiveImage>& image() const { return image_; }
  ModuleId id() const { return id_; }

  // What it needs, in DT_NEEDED order.
  std::span<const Need> needs() const { return needs_; }

  // Where dlsym would look: itself, what it needs, breadth-first, and what it
  // was extended with. Only after ModuleStore::Open.
  const LookupScope& scope() const {
    return *scope_.load(std::memory_order_acquire);
  }

  // Lookups in it go on in `added`, which stays as long. Thread-safe.
  void ExtendScope(const ModuleRef& added);

  // The embedder's own.
  std::any& user_data() const { return user_data_; }

 private:
  friend class ModuleStore;

  explicit LoadedModule(ModuleStore& store) : store_(store) {}

  enum class State : uint8_t {
    kLoaded,       // Not initialized yet.
    kInitialized,  // Its initialization functions run or have run.
    kFinalizing,   // Its finalization functions run; nobody finds it any more.
    kFinalized,    // They have run; who registered something still keeps it.
  };

  ModuleStore& store_;
  // Declared so that destruction goes from the last to the first.
  std::shared_ptr<const void> owner_;  // Of `member_`, if there is no image.
  std::shared_ptr<LiveImage> image_;
  ModuleId id_;
  std::string name_;
  FileIdentity identity_;
  const ScopeMember* member_ = nullptr;
  std::vector<Need> needs_;
  std::vector<LoadedModule*> bound_to_;  // Of this store, other than needs.
  std::vector<ModuleRef> foreign_;       // Of other stores, needed or bound to.
  ModuleObserver* observer_ = nullptr;
  std::shared_ptr<const HostModules> host_;
  std::deque<ThreadExitRegistration> thread_exit_;

  std::vector<std::unique_ptr<LookupScope>> scopes_;  // The last is current.
  std::atomic<const LookupScope*> scope_ = nullptr;
  mutable std::any user_data_;

  mutable std::atomic<uint32_t> users_ = 0;
  State state_ = State::kLoaded;
  uint64_t initialized_as_ = 0;  // Counted through the store.
  bool global_ = false;
  bool reached_ = false;  // By the present sweep.
};

}  // namespace relink

#endif  // RELINK_RUNTIME_LOADED_MODULE_H_
