// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/lookup_scope.h"

#include <bit>

namespace relink {

Definition LookupScope::Find(
    const elf::SymbolName& name,
    const elf::Definitions<NativeElf>::Request& request) const {
  if (const ScopeIndex* index = index_.load(std::memory_order_acquire)) {
    return FindInScope(members_, *index, name, request);
  }
  // Who has looked up so much will look up as much again.
  const uint64_t searches = searches_.fetch_add(1, std::memory_order_relaxed);
  if (std::has_single_bit(searches) && ScopeIndex::Pays(members_, searches)) {
    std::lock_guard lock(mutex_);
    if (made_ == nullptr) {
      made_ = std::make_unique<const ScopeIndex>(members_);
      index_.store(made_.get(), std::memory_order_release);
    }
  }
  return FindInScope(members_, name, request);
}

}  // namespace relink
