// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/lookup_cache.h"

#include <cstring>
#include <new>

namespace relink {

LookupCache::~LookupCache() {
  for (const std::atomic<Entry*>& slot : slots_) ::operator delete(slot.load());
}

void LookupCache::Add(const elf::SymbolName& name, void* address) {
  std::atomic<Entry*>& slot = slots_[name.gnu_hash() % kSlots];
  if (slot.load() != nullptr || name.text().size() > UINT32_MAX) return;
  void* memory = ::operator new(sizeof(Entry) + name.text().size());
  auto* entry =
      new (memory) Entry{.hash = name.gnu_hash(),
                         .size = static_cast<uint32_t>(name.text().size()),
                         .address = address};
  std::memcpy(entry + 1, name.text().data(), name.text().size());
  Entry* expected = nullptr;
  if (!slot.compare_exchange_strong(expected, entry)) ::operator delete(memory);
}

}  // namespace relink
