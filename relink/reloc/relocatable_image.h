// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RELOC_RELOCATABLE_IMAGE_H_
#define RELINK_RELOC_RELOCATABLE_IMAGE_H_

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "relink/support/address.h"
#include "relink/support/address_map.h"

namespace relink {

// Stores an integer in the byte order of the image.
template <std::unsigned_integral T, std::endian kOrder>
inline void StoreInteger(std::byte* place, T value) {
  if constexpr (kOrder != std::endian::native && sizeof(T) > 1) {
    T swapped = 0;
    for (size_t i = 0; i < sizeof(T); ++i) {
      swapped = static_cast<T>(swapped << 8 | (value & 0xff));
      value = static_cast<T>(value >> 8);
    }
    value = swapped;
  }
  std::memcpy(place, &value, sizeof(T));
}

template <std::unsigned_integral T, std::endian kOrder>
inline T LoadInteger(const std::byte* place) {
  T value;
  std::memcpy(&value, place, sizeof(T));
  if constexpr (kOrder != std::endian::native && sizeof(T) > 1) {
    T swapped = 0;
    StoreInteger<T, kOrder>(reinterpret_cast<std::byte*>(&swapped), value);
    value = swapped;
  }
  return value;
}

// The parts of one module's image that relocations may write to: its writable
// segments. Every store goes through `Place`, so a relocation cannot reach
// outside of them. Does not own the bytes.
class RelocatableImage {
 public:
  struct Part {
    LinkRange range;
    std::byte* bytes;
  };

  RelocatableImage(std::span<const Part> parts, AddressMap addresses)
      : parts_(parts), addresses_(addresses) {}

  // Where the module's link addresses are.
  const AddressMap& addresses() const { return addresses_; }
  RuntimeAddr At(LinkAddr addr) const { return addresses_.At(addr); }

  // The bytes of [addr, addr + size), or null if a part does not hold them all.
  // Relocations are sorted, so the part of the previous one is tried first.
  std::byte* Place(LinkAddr addr, uint64_t size) {
    if (recent_ < parts_.size()) {
      if (std::byte* place = PlaceIn(parts_[recent_], addr, size)) return place;
    }
    for (size_t i = 0; i < parts_.size(); ++i) {
      if (std::byte* place = PlaceIn(parts_[i], addr, size)) {
        recent_ = i;
        return place;
      }
    }
    return nullptr;
  }

 private:
  static std::byte* PlaceIn(const Part& part, LinkAddr addr, uint64_t size) {
    const uint64_t inside = addr.value() - part.range.begin.value();
    if (inside >= part.range.size || size > part.range.size - inside) {
      return nullptr;
    }
    return part.bytes + inside;
  }

  std::span<const Part> parts_;
  AddressMap addresses_;
  size_t recent_ = 0;
};

}  // namespace relink

#endif  // RELINK_RELOC_RELOCATABLE_IMAGE_H_
