// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SUPPORT_ADDRESS_H_
#define RELINK_SUPPORT_ADDRESS_H_

#include <compare>
#include <cstdint>

namespace relink {

// A point in one address space. Points of different spaces do not mix; the
// distance of two points of one space is a signed byte count.
template <typename Space>
class Address {
 public:
  constexpr Address() = default;
  constexpr explicit Address(uint64_t value) : value_(value) {}

  constexpr uint64_t value() const { return value_; }

  friend constexpr auto operator<=>(Address, Address) = default;
  friend constexpr Address operator+(Address a, uint64_t bytes) {
    return Address(a.value_ + bytes);
  }
  friend constexpr Address operator-(Address a, uint64_t bytes) {
    return Address(a.value_ - bytes);
  }
  friend constexpr int64_t operator-(Address a, Address b) {
    return static_cast<int64_t>(a.value_ - b.value_);
  }

 private:
  uint64_t value_ = 0;
};

// A byte's place in its file.
using FileOffset = Address<struct FileSpace>;
// An address as the static linker assigned it (p_vaddr, st_value, r_offset).
using LinkAddr = Address<struct LinkSpace>;
// An address in the process, or on the machine, where the image will run.
using RuntimeAddr = Address<struct RuntimeSpace>;

// `size` bytes from `begin`.
template <typename Space>
struct AddressRange {
  Address<Space> begin;
  uint64_t size = 0;

  constexpr Address<Space> end() const { return begin + size; }
  constexpr bool Contains(Address<Space> a) const {
    return a.value() - begin.value() < size;
  }
  // True for an empty `other` anywhere inside or at the end.
  constexpr bool Contains(AddressRange other) const {
    return other.begin >= begin && other.size <= size &&
           other.begin.value() - begin.value() <= size - other.size;
  }
  friend constexpr bool operator==(AddressRange, AddressRange) = default;
};

using FileRange = AddressRange<struct FileSpace>;
using LinkRange = AddressRange<struct LinkSpace>;
using RuntimeRange = AddressRange<struct RuntimeSpace>;

// Rounding to a power of two.
constexpr uint64_t AlignDown(uint64_t value, uint64_t alignment) {
  return value & ~(alignment - 1);
}
// Wraps to 0 past the last multiple: callers bound `value` first.
constexpr uint64_t AlignUp(uint64_t value, uint64_t alignment) {
  return AlignDown(value + alignment - 1, alignment);
}

// The pages of `page_size` that `range` touches.
template <typename Space>
constexpr AddressRange<Space> PagesOf(AddressRange<Space> range,
                                      uint64_t page_size) {
  uint64_t begin = AlignDown(range.begin.value(), page_size);
  return {Address<Space>(begin),
          AlignUp(range.end().value(), page_size) - begin};
}

}  // namespace relink

#endif  // RELINK_SUPPORT_ADDRESS_H_
