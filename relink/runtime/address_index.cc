// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/address_index.h"

#include <algorithm>

namespace relink {

AddressIndex::Entry AddressIndex::Find(RuntimeAddr addr) const {
  while (true) {
    const uint64_t version = version_.load(std::memory_order_acquire);
    const Copy* copy = copies_[version & 1].load(std::memory_order_acquire);
    if (copy == nullptr) return {};
    const Entry found = FindIn(*copy, addr);
    // Who read a word of a later version, all stores of which are releases,
    // sees that the version changed before.
    if (version_.load(std::memory_order_acquire) == version) return found;
  }
}

AddressIndex::Entry AddressIndex::FindIn(const Copy& copy, RuntimeAddr addr) {
  constexpr auto kAcquire = std::memory_order_acquire;
  const size_t count = copy.count.load(kAcquire);
  if (count == 0) return {};
  // The last that begins at or before `addr`, or else the first, is among
  // `left` from `at` on. No branch, which would be mispredicted half the time.
  size_t at = 0;
  for (size_t left = count; left > 1;) {
    const size_t half = left / 2;
    const bool upper = copy.begins[at + half].load(kAcquire) <= addr.value();
    at += upper ? half : 0;
    left -= half;
  }
  const RuntimeRange memory{RuntimeAddr(copy.begins[at].load(kAcquire)),
                            copy.rests[at].size.load(kAcquire)};
  if (!memory.Contains(addr)) return {};
  return {memory, copy.rests[at].owner.load(kAcquire)};
}

void AddressIndex::Replace(std::span<const Entry> entries) {
  constexpr auto kRelease = std::memory_order_release;
  const uint64_t next = version_.load(std::memory_order_relaxed) + 1;
  std::atomic<Copy*>& place = copies_[next & 1];
  Copy* copy = place.load(std::memory_order_relaxed);
  if (copy == nullptr || copy->capacity < entries.size()) {
    constexpr size_t kFirstCapacity = 64;
    const size_t least = copy == nullptr ? kFirstCapacity : copy->capacity * 2;
    copy = kept_
               .emplace_back(
                   std::make_unique<Copy>(std::max(least, entries.size())))
               .get();
    place.store(copy, kRelease);
  }
  for (size_t i = 0; i < entries.size(); ++i) {
    copy->begins[i].store(entries[i].memory.begin.value(), kRelease);
    copy->rests[i].size.store(entries[i].memory.size, kRelease);
    copy->rests[i].owner.store(entries[i].owner, kRelease);
  }
  copy->count.store(entries.size(), kRelease);
  version_.store(next, kRelease);
}

}  // namespace relink
