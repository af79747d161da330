// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_HASH_FILTER_H_
#define RELINK_ELF_HASH_FILTER_H_

#include <cstdint>
#include <span>

namespace relink::elf {

// Says of a GNU hash that none of several modules has it, with one look instead
// of one for each of them: a Bloom filter over all their symbols. It is built
// from the hash tables, which keep all bits of a hash but the lowest. Does not
// own its words.
class HashFilter {
 public:
  HashFilter() = default;  // Says nothing: everything may be there.

  // `words` is a power of two of them, all zero.
  explicit HashFilter(std::span<uint64_t> words) : words_(words) {}

  void Add(uint32_t hash) { words_[WordOf(hash)] |= MaskOf(hash); }

  bool MayContain(uint32_t hash) const {
    if (words_.empty()) return true;
    const uint64_t mask = MaskOf(hash);
    return (words_[WordOf(hash)] & mask) == mask;
  }

 private:
  // Three bits of one word, by bits of the hash that are well mixed. Bit 0 of
  // the hash is not used.
  static uint64_t Mix(uint32_t hash) {
    return (uint64_t{hash} >> 1) * 0x9e3779b97f4a7c15;
  }
  uint64_t WordOf(uint32_t hash) const {
    return (Mix(hash) >> 40) & (words_.size() - 1);
  }
  static uint64_t MaskOf(uint32_t hash) {
    const uint64_t mixed = Mix(hash);
    return uint64_t{1} << (mixed >> 22 & 63) |
           uint64_t{1} << (mixed >> 28 & 63) |
           uint64_t{1} << (mixed >> 34 & 63);
  }

  std::span<uint64_t> words_;
};

}  // namespace relink::elf

#endif  // RELINK_ELF_HASH_FILTER_H_
