// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SUPPORT_ADDRESS_MAP_H_
#define RELINK_SUPPORT_ADDRESS_MAP_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "relink/support/address.h"

namespace relink {

// From a module's link addresses to where its parts are: all at one distance,
// but for the pieces that were placed on their own. Freestanding; a view.
class AddressMap {
 public:
  struct Piece {
    LinkRange from;
    RuntimeAddr to;
  };

  AddressMap() = default;
  // Everything `bias` further, modulo 2^64.
  explicit AddressMap(uint64_t bias) : bias_(bias) {}
  // The same, but for `pieces`, which ascend, do not overlap and outlive the
  // map. With `only_pieces` the module has nothing else; then the end of a
  // piece where no other begins belongs to it.
  AddressMap(uint64_t bias, std::span<const Piece> pieces, bool only_pieces)
      : bias_(bias), pieces_(pieces), only_pieces_(only_pieces) {}

  uint64_t bias() const { return bias_; }
  bool has_pieces() const { return !pieces_.empty(); }
  std::span<const Piece> pieces() const { return pieces_; }

  RuntimeAddr At(LinkAddr addr) const {
    if (has_pieces()) [[unlikely]] {
      if (const Piece* piece = Find(addr)) {
        return piece->to + static_cast<uint64_t>(addr - piece->from.begin);
      }
    }
    return RuntimeAddr(addr.value() + bias_);
  }

  // The piece that `addr` is in; null if it lies with the bulk.
  const Piece* Find(LinkAddr addr) const {
    size_t begin = 0;
    size_t end = pieces_.size();
    while (begin != end) {
      const size_t middle = begin + (end - begin) / 2;
      if (pieces_[middle].from.begin <= addr) {
        begin = middle + 1;
      } else {
        end = middle;
      }
    }
    if (begin == 0) return nullptr;
    const Piece& piece = pieces_[begin - 1];
    if (piece.from.Contains(addr)) return &piece;
    return only_pieces_ && piece.from.end() == addr ? &piece : nullptr;
  }

  // Back from a runtime address, for checks and messages: linear.
  bool Contains(RuntimeAddr addr, LinkRange bulk) const {
    for (const Piece& piece : pieces_) {
      if (addr.value() - piece.to.value() < piece.from.size) return true;
    }
    return !only_pieces_ && bulk.Contains(LinkAddr(addr.value() - bias_));
  }

 private:
  uint64_t bias_ = 0;
  std::span<const Piece> pieces_;
  bool only_pieces_ = false;
};

}  // namespace relink

#endif  // RELINK_SUPPORT_ADDRESS_MAP_H_
