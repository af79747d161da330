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
  size_t begin = 0;
  size_t end = copy.count.load(kAcquire);
  while (begin != end) {
    const size_t middle = begin + (end - begin) / 2;
    if (copy.slots[middle].begin.load(kAcquire) <= addr.value()) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  if (begin == 0) return {};
  const Slot& slot = copy.slots[begin - 1];
  const RuntimeRange memory{RuntimeAddr(slot.begin.load(kAcquire)),
                            slot.size.load(kAcquire)};
  if (!memory.Contains(addr)) return {};
  return {memory, slot.owner.load(kAcquire)};
}

void AddressIndex::Replace(std::span<const Entry> entries) {
  constexpr auto kRelease = std::memory_order_release;
  const uint64_t next = version_.load(std::memory_order_relaxed) + 1;
  std::atomic<Copy*>& place = copies_[next & 1];
  Copy* copy = place.load(std::memory_order_relaxed);
  if (copy == nullptr || copy->capacity < entries.size()) {
    constexpr size_t kFirstCapacity = 64;
    const size_t least = copy == nullptr ? kFirstCapacity : copy->capacity * 2;
    auto larger = std::make_unique<Copy>();
    larger->capacity = std::max(least, entries.size());
    larger->slots = std::make_unique<Slot[]>(larger->capacity);
    copy = kept_.emplace_back(std::move(larger)).get();
    place.store(copy, kRelease);
  }
  for (size_t i = 0; i < entries.size(); ++i) {
    Slot& slot = copy->slots[i];
    slot.begin.store(entries[i].memory.begin.value(), kRelease);
    slot.size.store(entries[i].memory.size, kRelease);
    slot.owner.store(entries[i].owner, kRelease);
  }
  copy->count.store(entries.size(), kRelease);
  version_.store(next, kRelease);
}

}  // namespace relink
