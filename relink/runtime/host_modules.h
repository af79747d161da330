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
#include "relink/ir/link_graph.h"
#include "relink/reloc/scope.h"

namespace relink {

// A module that the process had without Relink: the program, ld.so, libc and
// whatever they loaded. Views its memory, so it must still be loaded when used;
// modules that the program started with always are.
struct HostModule {
  std::string path;    // Empty for the program itself.
  std::string soname;  // Empty if none.
  std::vector<std::string> needed;
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

// The modules of this process as dl_iterate_phdr shows them. A snapshot:
// Refresh takes a new one only if modules came or went. Not thread-safe; what
// it hands out stays valid after a Refresh for as long as it is shared.
class HostModules {
 public:
  using Entry = std::shared_ptr<const HostModule>;

  void Refresh();

  // In load order.
  const std::vector<Entry>& modules() const { return modules_; }
  const Entry& operator[](HostModuleId id) const {
    return modules_[id.index()];
  }

  // The module with that DT_SONAME or, failing that, file name.
  HostModuleId Find(absl::string_view name) const;

  // The program and what it started with, in lookup order.
  Scope global() const { return global_; }
  // Says that about `count` names will be looked up in there. In the long run
  // it pays to build the filter first.
  void ExpectLookups(uint64_t count);
  // Of the symbols in there; says nothing until it is built.
  elf::HashFilter global_filter() const { return global_filter_; }
  Scope all() const { return all_; }

 private:
  void BuildFilter();

  std::vector<Entry> modules_;
  std::vector<const ScopeMember*> global_;
  std::vector<const ScopeMember*> all_;
  std::vector<uint64_t> filter_words_;
  elf::HashFilter global_filter_;
  uint64_t additions_ = 0;
  uint64_t removals_ = 0;
  uint64_t lookups_ = 0;
};

}  // namespace relink

#endif  // RELINK_RUNTIME_HOST_MODULES_H_
