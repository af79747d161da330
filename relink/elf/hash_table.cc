// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/hash_table.h"

#include <algorithm>
#include <cstddef>

namespace relink::elf {

template <class E>
Result<GnuHashTable<E>> GnuHashTable<E>::Parse(ByteView bytes) {
  GnuHashTable table;
  table.present_ = true;
  RELINK_TRY_ASSIGN(const auto* header, bytes.Record<GnuHashHeader<E>>(0));
  const uint64_t bloom_size = header->bloom_size;
  // Not std::has_single_bit: without a popcount instruction that is a call of
  // the compiler's library, which a freestanding program does not have.
  if (bloom_size == 0 || (bloom_size & (bloom_size - 1)) != 0) {
    return Error{ErrorCode::kMalformed,
                 "DT_GNU_HASH: filter size is not a power of two",
                 offsetof(GnuHashHeader<E>, bloom_size)};
  }
  if (header->bloom_shift >= 32) {
    return Error{ErrorCode::kMalformed,
                 "DT_GNU_HASH: filter shift is not below 32",
                 offsetof(GnuHashHeader<E>, bloom_shift)};
  }
  table.bloom_shift_ = header->bloom_shift;
  table.first_symbol_ = header->symoffset;
  uint64_t at = sizeof(GnuHashHeader<E>);
  auto bloom = bytes.Records<typename E::Addr>(at, bloom_size);
  if (!bloom.ok()) {
    return Error{ErrorCode::kOutOfRange,
                 "DT_GNU_HASH: filter runs past the end of its segment", at};
  }
  table.bloom_ = *bloom;
  at += table.bloom_.size_bytes();
  auto buckets = bytes.Records<typename E::Word>(at, header->nbuckets);
  if (!buckets.ok()) {
    return Error{ErrorCode::kOutOfRange,
                 "DT_GNU_HASH: buckets run past the end of their segment", at};
  }
  table.buckets_ = *buckets;
  at += table.buckets_.size_bytes();
  RELINK_TRY_ASSIGN(ByteView rest, bytes.From(at));
  RELINK_TRY_ASSIGN(table.chain_, rest.Records<typename E::Word>(
                                      0, rest.size() / sizeof(uint32_t)));
  return table;
}

template <class E>
uint32_t GnuHashTable<E>::CountSymbols() const {
  uint32_t last = 0;
  for (uint32_t bucket : buckets_) last = std::max(last, bucket);
  if (last < first_symbol_) return first_symbol_;
  uint64_t i = last - first_symbol_;
  while (i < chain_.size() && (chain_[i] & 1) == 0) ++i;
  return static_cast<uint32_t>(
      std::min<uint64_t>(first_symbol_ + i + 1, UINT32_MAX));
}

template <class E>
Result<SysvHashTable<E>> SysvHashTable<E>::Parse(ByteView bytes) {
  SysvHashTable table;
  table.present_ = true;
  RELINK_TRY_ASSIGN(auto counts, bytes.Records<typename E::Word>(0, 2));
  const uint64_t bucket_count = counts[0];
  const uint64_t chain_count = counts[1];
  auto words = bytes.Records<typename E::Word>(8, bucket_count + chain_count);
  if (!words.ok()) {
    return Error{ErrorCode::kOutOfRange,
                 "DT_HASH: buckets or chains run past the end of their segment",
                 8};
  }
  table.buckets_ = words->subspan(0, bucket_count);
  table.chain_ = words->subspan(bucket_count);
  return table;
}

template class GnuHashTable<Elf32Le>;
template class GnuHashTable<Elf32Be>;
template class GnuHashTable<Elf64Le>;
template class GnuHashTable<Elf64Be>;
template class SysvHashTable<Elf32Le>;
template class SysvHashTable<Elf32Be>;
template class SysvHashTable<Elf64Le>;
template class SysvHashTable<Elf64Be>;

}  // namespace relink::elf
