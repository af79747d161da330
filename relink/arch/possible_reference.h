// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ARCH_POSSIBLE_REFERENCE_H_
#define RELINK_ARCH_POSSIBLE_REFERENCE_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace relink {

// Pages of a module's code that somebody asks about, as one bit each.
// Freestanding; a view.
struct PageSet {
  static constexpr int kShift = 12;

  uint64_t begin = 0;  // The address of the first page.
  std::span<const uint64_t> words;

  bool Has(uint64_t address) const {
    const uint64_t page = (address - begin) >> kShift;
    return page / 64 < words.size() && (words[page / 64] >> page % 64 & 1) != 0;
  }
};

// Bytes that are a PC-relative reference, if an instruction begins where it
// would have to.
struct PossibleReference {
  size_t end = 0;          // Of its field, in the code.
  uint64_t target = 0;     // The address.
  bool is_branch = false;  // It calls or jumps there; else takes the address.
};

// Finds the next field of 32 bits in `code`, which is at `address`, that ends
// behind `from` and may be a reference into one of `pages`; false if there is
// none. Nothing is decoded, so no true one is missed, but false ones are found.
using FindReferenceFunction = bool(std::span<const std::byte> code,
                                   uint64_t address, const PageSet& pages,
                                   size_t from, PossibleReference* found);

}  // namespace relink

#endif  // RELINK_ARCH_POSSIBLE_REFERENCE_H_
