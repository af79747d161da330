// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUNTIME_LOOKUP_CACHE_H_
#define RELINK_RUNTIME_LOOKUP_CACHE_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "relink/elf/symbol_name.h"

namespace relink {

// Remembers what the first few names that were looked up in an image came to,
// found or not. Nothing is ever replaced, so what is there is there to stay.
// Thread-safe.
class LookupCache {
 public:
  LookupCache() = default;
  LookupCache(const LookupCache&) = delete;
  LookupCache& operator=(const LookupCache&) = delete;
  ~LookupCache();

  // Sets `*address` and returns true if `name` is remembered. Inline, so that
  // for a literal the hash and the length are constants.
  bool Find(const elf::SymbolName& name, void** address) const {
    const Entry* entry = Slot(name).load(std::memory_order_acquire);
    if (entry == nullptr || entry->hash != name.gnu_hash() ||
        entry->size != name.text().size() ||
        __builtin_memcmp(entry->text(), name.text().data(),
                         name.text().size()) != 0) {
      return false;
    }
    *address = entry->address;
    return true;
  }

  // Remembers it, unless another name was there first.
  void Add(const elf::SymbolName& name, void* address);

 private:
  // Its text follows it.
  struct Entry {
    uint32_t hash;
    uint32_t size;
    void* address;
    const char* text() const { return reinterpret_cast<const char*>(this + 1); }
  };
  static constexpr size_t kSlots = 256;

  const std::atomic<Entry*>& Slot(const elf::SymbolName& name) const {
    return slots_[name.gnu_hash() % kSlots];
  }

  std::array<std::atomic<Entry*>, kSlots> slots_{};
};

}  // namespace relink

#endif  // RELINK_RUNTIME_LOOKUP_CACHE_H_
