// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUNTIME_MODULE_STORE_H_
#define RELINK_RUNTIME_MODULE_STORE_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "relink/ir/module_source.h"
#include "relink/reloc/scope.h"
#include "relink/runtime/host_modules.h"
#include "relink/runtime/live_image.h"
#include "relink/runtime/loaded_module.h"
#include "relink/runtime/module_observer.h"
#include "relink/support/address.h"
#include "relink/support/id.h"

namespace relink {

// The modules of one context: each once, for as long as anybody uses it or what
// needs it. The last user's thread runs the finalization functions of all that
// nobody reaches any more, in the reverse order of initialization, as dlclose
// does.
//
// Thread-safe: its lock is held while modules are loaded, initialized and
// finalized, and whoever holds it may do all that again, as those functions do.
class ModuleStore : public std::enable_shared_from_this<ModuleStore> {
 public:
  static std::shared_ptr<ModuleStore> Create() {
    return std::shared_ptr<ModuleStore>(new ModuleStore());
  }
  ModuleStore(const ModuleStore&) = delete;
  ModuleStore& operator=(const ModuleStore&) = delete;
  ~ModuleStore();

  // Of the whole store.
  class Lock {
   public:
    explicit Lock(ModuleStore& store);
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;
    ~Lock();

   private:
    ModuleStore& store_;
  };

  // The rest takes the lock itself, so a caller that holds it sees nothing
  // change in between.

  // The module with that soname, name or, without a soname, file name, or that
  // file: its own or one that it shares; null if there is none. So that it
  // stays, hold the lock or Open it.
  LoadedModule* Find(absl::string_view name);
  LoadedModule* Find(FileIdentity identity);
  // The one of its own modules that is there.
  LoadedModule* Find(RuntimeAddr addr);

  // A new user of the module, which must be there.
  ModuleRef Open(LoadedModule& module);
  // All of them, in load order.
  std::vector<ModuleRef> Modules();

  // What links an image to the rest of the process.
  struct Links {
    Table<ExternalId, Need> externals;           // What its graph refers to.
    std::shared_ptr<const HostModules> host;     // Where they were found.
    ModuleObserver* observer = nullptr;          // Null for nobody.
    std::vector<const ScopeMember*> root_scope;  // LookupScope of the root.
    std::vector<ModuleRef> keeps;  // Of other stores, what it may be bound to.
  };
  // Adds the modules of a committed image; by ModuleId.
  std::vector<LoadedModule*> Adopt(const std::shared_ptr<LiveImage>& image,
                                   Links links);
  // Adds symbols that `owner` has; it lives as long as the module.
  LoadedModule* Adopt(const ScopeMember& member, absl::string_view name,
                      std::shared_ptr<const void> owner);
  // Makes a module of another store one that this one finds, too.
  void Share(ModuleRef module);
  // Runs the initialization functions of those that were not initialized yet,
  // in that order.
  void Initialize(std::span<LoadedModule* const> modules);

  // Makes the symbols of a module and of what it needs visible to modules that
  // are loaded later.
  void MakeGlobal(LoadedModule& module);
  bool IsGlobal(const LoadedModule& module);
  std::vector<const ScopeMember*> GlobalScope();

  // Lookups in `module` go on in `added`, which stays as long.
  void ExtendScope(LoadedModule& module, const ModuleRef& added);
  // Never unloaded, whoever uses it (DF_1_NODELETE).
  void KeepForEver(LoadedModule& module);

  // Runs the finalization functions of all, as at the end of the process, but
  // gives no memory back.
  void FinalizeAll();

 private:
  friend class LoadedModule;

  ModuleStore() = default;

  static ModuleRef Acquire(LoadedModule& module);
  void Drop(LoadedModule& module);
  template <typename Matches>
  LoadedModule* FindIf(Matches matches);
  void AddNeed(LoadedModule& module, Need need);
  void LinkBound(LoadedModule& module,
                 std::span<const ScopeMember* const> owners);
  void PublishScope(LoadedModule& module,
                    std::vector<const ScopeMember*> members);
  void EnsureScope(LoadedModule& module);

  // Unloads whatever nobody reaches.
  void Sweep();
  void MarkReached();
  void Finalize(LoadedModule& module);
  // What can be freed of the finalized ones goes to garbage_.
  void Collect();

  std::recursive_mutex mutex_;
  int depth_ = 0;  // How often its owner has the lock.
  bool sweeping_ = false;
  bool again_ = false;  // Users went while it was sweeping.
  uint64_t initializations_ = 0;
  std::vector<std::unique_ptr<LoadedModule>> modules_;  // In load order.
  std::vector<LoadedModule*> globals_;
  std::vector<ModuleRef> shared_;
  // To be destroyed once the lock is free: it may take other stores' locks.
  std::vector<std::unique_ptr<LoadedModule>> garbage_;
};

}  // namespace relink

#endif  // RELINK_RUNTIME_MODULE_STORE_H_
