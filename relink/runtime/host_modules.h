// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUNTIME_HOST_MODULES_H_
#define RELINK_RUNTIME_HOST_MODULES_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/elf/hash_filter.h"
#include "relink/elf/versions.h"
#include "relink/reloc/scope.h"
#include "relink/support/id.h"

namespace relink {

using HostModuleId = Id<struct HostModuleTag>;

// A module that the process had without Relink: the program, ld.so, libc and
// whatever they loaded. Views its memory, so it must still be loaded when used;
// modules that the program started with always are.
struct HostModule {
  std::string path;    // Empty for the program itself.
  std::string soname;  // Empty if none.
  std::vector<std::string> needed;
  std::string rpath;    // DT_RPATH, empty if none.
  std::string runpath;  // DT_RUNPATH, empty if none.
  // It came with the program, so its symbols are global and it stays for ever.
  bool from_start = false;
  // What `member` views.
  std::vector<elf::Version> versions;
  ScopeMember member;
};

// Keeps a library of the host's loaded for as long as what it returns lives;
// null for one that came with the program, which stays by itself.
// FailedPrecondition: the host unloaded it since it was seen.
absl::StatusOr<std::shared_ptr<void>> Pin(const HostModule& module);

// The modules of this process as dl_iterate_phdr showed them at one moment.
// Immutable, so thread-safe.
class HostModules {
 public:
  using Entry = std::shared_ptr<const HostModule>;

  // Those of now. `previous`, an earlier snapshot or null, is given back if
  // nothing came or went since.
  static std::shared_ptr<const HostModules> Take(
      std::shared_ptr<const HostModules> previous);
  // The same after the last that anybody asked for. Thread-safe.
  static std::shared_ptr<const HostModules> Current();

  // In load order.
  const std::vector<Entry>& modules() const { return modules_; }
  const Entry& operator[](HostModuleId id) const {
    return modules_[id.index()];
  }

  // The module with that DT_SONAME or, failing that, file name.
  HostModuleId Find(absl::string_view name) const;

  // The program and what it started with, in lookup order.
  Scope global() const { return global_; }
  Scope all() const { return all_; }

  // Of the symbols in global(), if it pays to have it for about `count` more
  // lookups; otherwise one that says nothing. All snapshots share it: what is
  // global is so for ever. Thread-safe.
  elf::HashFilter GlobalFilter(uint64_t count) const;

 private:
  std::vector<Entry> modules_;
  std::vector<const ScopeMember*> global_;
  std::vector<const ScopeMember*> all_;
  uint64_t additions_ = 0;
  uint64_t removals_ = 0;
};

}  // namespace relink

#endif  // RELINK_RUNTIME_HOST_MODULES_H_
