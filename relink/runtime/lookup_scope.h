// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUNTIME_LOOKUP_SCOPE_H_
#define RELINK_RUNTIME_LOOKUP_SCOPE_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "relink/elf/symbol_name.h"
#include "relink/reloc/scope.h"
#include "relink/reloc/scope_index.h"
#include "relink/runtime/lookup_cache.h"

namespace relink {

// Where the symbols of a module are looked up at run time, and what was found
// there. Thread-safe; the modules must stay.
class LookupScope {
 public:
  explicit LookupScope(std::vector<const ScopeMember*> members)
      : members_(std::move(members)) {}
  LookupScope(const LookupScope&) = delete;
  LookupScope& operator=(const LookupScope&) = delete;

  const std::vector<const ScopeMember*>& members() const { return members_; }
  // Of addresses that are the same in every thread.
  LookupCache& lookups() const { return lookups_; }

  // As FindInScope, in about the same time however many modules there are, once
  // enough was looked up.
  Definition Find(const elf::SymbolName& name,
                  const elf::Definitions<NativeElf>::Request& request) const;

 private:
  std::vector<const ScopeMember*> members_;
  mutable LookupCache lookups_;
  mutable std::atomic<uint64_t> searches_ = 0;
  mutable std::mutex mutex_;  // Of whoever makes the index.
  mutable std::unique_ptr<const ScopeIndex> made_;
  mutable std::atomic<const ScopeIndex*> index_ = nullptr;
};

}  // namespace relink

#endif  // RELINK_RUNTIME_LOOKUP_SCOPE_H_
