// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUNTIME_MODULE_REGISTRY_H_
#define RELINK_RUNTIME_MODULE_REGISTRY_H_

#include <link.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "relink/reloc/scope.h"
#include "relink/runtime/address_index.h"
#include "relink/support/address.h"

namespace relink {

class LiveImage;

// What the process is told of one module that Relink loaded.
struct RegisteredModule {
  std::string name;  // Its path, or what it was called.
  // As ld.so would describe it; in no list.
  link_map map = {};
  // Those of its file, less the segments of a module in arenas; and one for
  // each arena that has parts of it.
  std::vector<ElfW(Phdr)> program_headers;
  RuntimeRange memory;  // Of its segments; empty for a module in arenas.
  // Its symbols, and where their addresses are now.
  const ScopeMember* member = nullptr;
};

// Memory of one module as a whole, or an arena with parts of several. A cache
// line each, since unwinders look at many.
struct alignas(64) LoadedRegion {
  // Sections that were placed, and where their module's file has them.
  struct Part {
    RuntimeRange memory;
    LinkAddr home;
    const RegisteredModule* module = nullptr;
  };

  RuntimeRange memory;
  const RegisteredModule* module = nullptr;  // Null for an arena.
  std::vector<Part> parts;                   // Of an arena, ascending.
  // Unwind tables that unwinders can search and walk; null if there are none.
  const void* eh_frame_hdr = nullptr;
  const void* eh_frame = nullptr;
};

// What was loaded at once and goes at once.
struct LoadedGroup {
  std::vector<RegisteredModule> modules;  // The root first.
  std::vector<LoadedRegion> regions;
  std::weak_ptr<const LiveImage> image;
};

// All modules that Relink loaded into this process: what dl_iterate_phdr,
// dladdr and unwinders are answered from. LiveImage adds its modules before
// their initialization functions run and removes them after their finalization
// functions did. Thread-safe.
class ModuleRegistry {
 public:
  // One per process, because code is compiled to call functions without
  // context. Never destroyed: threads may outlive static destruction.
  static ModuleRegistry& Process();

  struct Place {
    const RegisteredModule* module;
    LinkAddr addr;  // Where the module's file has it.
    const LoadedRegion* region;
  };
  // Who has `addr`. Never waits and allocates nothing, so signal handlers and
  // unwinders may ask. What it returns lives for as long as the image does; ask
  // only about addresses whose image stays, as those on a stack do, or from
  // within WhileNothingGoes.
  std::optional<Place> Find(RuntimeAddr addr) const;
  const LoadedRegion* FindRegion(RuntimeAddr addr) const {
    return static_cast<const LoadedRegion*>(index_.Find(addr).owner);
  }

  // Calls `use` while no image comes or goes in another thread. May be nested.
  template <typename Use>
  auto WhileNothingGoes(Use use) {
    std::lock_guard lock(mutex_);
    return use();
  }

  // How many modules ever came and went. They change together with what
  // ForEach visits.
  struct Counters {
    uint64_t added = 0;
    uint64_t removed = 0;
  };
  Counters counters();

  // Calls `visit` with each module in load order until it returns another value
  // than 0, and returns that. No image comes or goes in another thread
  // meanwhile; in this one none may.
  int ForEach(
      absl::FunctionRef<int(const RegisteredModule&, const Counters&)> visit);

  // `group` must stay where it is until it is removed.
  void Add(const LoadedGroup& group);
  void Remove(const LoadedGroup& group);

 private:
  ModuleRegistry() = default;

  std::recursive_mutex mutex_;  // Guards all but index_'s readers.
  std::vector<const LoadedGroup*> groups_;
  Counters counters_;
  std::vector<AddressIndex::Entry> entries_;
  AddressIndex index_;
};

// Keeps a group in the registry for as long as it lives.
class ModuleRegistration {
 public:
  explicit ModuleRegistration(LoadedGroup group);
  ModuleRegistration(const ModuleRegistration&) = delete;
  ModuleRegistration& operator=(const ModuleRegistration&) = delete;
  ~ModuleRegistration();

  const LoadedGroup& group() const { return group_; }

 private:
  const LoadedGroup group_;
};

}  // namespace relink

#endif  // RELINK_RUNTIME_MODULE_REGISTRY_H_
