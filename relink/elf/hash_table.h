// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_HASH_TABLE_H_
#define RELINK_ELF_HASH_TABLE_H_

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>

#include "relink/elf/records.h"
#include "relink/support/byte_view.h"

namespace relink::elf {

// DT_GNU_HASH: a Bloom filter in front of buckets of consecutive symbols.
// https://sourceware.org/legacy-ml/binutils/2006-10/msg00377.html
template <class E>
class GnuHashTable {
 public:
  GnuHashTable() = default;  // Absent.

  // `bytes` run from the table's start to the end of its segment.
  // kMalformed: the filter's size is not a power of two, or its shift is not
  // below 32.  kOutOfRange: filter or buckets run past the end.
  static Result<GnuHashTable> Parse(ByteView bytes);

  bool present() const { return present_; }

  // Calls `accept(index)` for the symbols whose hash may be `hash` until it
  // returns true; returns that index, or 0.
  template <typename Accept>
  uint32_t Find(uint32_t hash, Accept accept) const {
    if (buckets_.empty()) return 0;
    constexpr uint32_t kBits = 8 * sizeof(typename E::Native);
    const typename E::Native word =
        bloom_[(hash / kBits) & (bloom_.size() - 1)];
    if (((word >> (hash % kBits)) & (word >> ((hash >> bloom_shift_) % kBits)) &
         1) == 0) {
      return 0;
    }
    uint32_t index = buckets_[hash % static_cast<uint32_t>(buckets_.size())];
    if (index < first_symbol_) return 0;
    // The chain ends at an odd word, or at the end of the segment.
    for (uint64_t i = index - first_symbol_; i < chain_.size(); ++i, ++index) {
      const uint32_t entry = chain_[i];
      if ((entry | 1) == (hash | 1) && accept(index)) return index;
      if ((entry & 1) != 0) break;
    }
    return 0;
  }

  // One more than the highest symbol index in the table.
  uint32_t CountSymbols() const;

  // The hash of a symbol, without bit 0, if the table has it.
  std::optional<uint32_t> StoredHash(uint32_t index) const {
    if (index < first_symbol_ || index - first_symbol_ >= chain_.size()) {
      return std::nullopt;
    }
    return chain_[index - first_symbol_] & ~uint32_t{1};
  }

  // The hash of every symbol in the table, in order; bit 0 means something
  // else.
  std::span<const typename E::Word> hashes() const {
    return chain_.subspan(
        0, std::min<uint64_t>(chain_.size(), CountSymbols() - first_symbol_));
  }

 private:
  std::span<const typename E::Addr> bloom_;
  std::span<const typename E::Word> buckets_;
  std::span<const typename E::Word> chain_;
  uint32_t first_symbol_ = 0;
  uint32_t bloom_shift_ = 0;
  bool present_ = false;
};

// DT_HASH (gABI, "Hash Table").
template <class E>
class SysvHashTable {
 public:
  SysvHashTable() = default;  // Absent.

  // kOutOfRange: buckets or chains run past the end of `bytes`.
  static Result<SysvHashTable> Parse(ByteView bytes);

  bool present() const { return present_; }
  uint32_t symbol_count() const { return static_cast<uint32_t>(chain_.size()); }

  // As GnuHashTable::Find. Takes at most `symbol_count()` steps, so a chain
  // that loops ends.
  template <typename Accept>
  uint32_t Find(uint32_t hash, Accept accept) const {
    if (buckets_.empty()) return 0;
    uint32_t index = buckets_[hash % static_cast<uint32_t>(buckets_.size())];
    for (size_t step = 0; step < chain_.size(); ++step) {
      if (index == 0 || index >= chain_.size()) return 0;
      if (accept(index)) return index;
      index = chain_[index];
    }
    return 0;
  }

 private:
  std::span<const typename E::Word> buckets_;
  std::span<const typename E::Word> chain_;
  bool present_ = false;
};

extern template class GnuHashTable<Elf32Le>;
extern template class GnuHashTable<Elf32Be>;
extern template class GnuHashTable<Elf64Le>;
extern template class GnuHashTable<Elf64Be>;
extern template class SysvHashTable<Elf32Le>;
extern template class SysvHashTable<Elf32Be>;
extern template class SysvHashTable<Elf64Le>;
extern template class SysvHashTable<Elf64Be>;

}  // namespace relink::elf

#endif  // RELINK_ELF_HASH_TABLE_H_
