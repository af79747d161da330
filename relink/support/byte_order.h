// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SUPPORT_BYTE_ORDER_H_
#define RELINK_SUPPORT_BYTE_ORDER_H_

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace relink {

// An integer as a file stores it: in a given byte order, at any alignment.
template <std::integral T, std::endian kOrder>
class Packed {
 public:
  Packed() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): it stands for its integer.
  Packed(T value) { Store(value); }
  // NOLINTNEXTLINE(google-explicit-constructor): it stands for its integer.
  operator T() const { return Load(); }

 private:
  T Load() const {
    T value;
    std::memcpy(&value, bytes_, sizeof(T));
    return Native(value);
  }
  void Store(T value) {
    value = Native(value);
    std::memcpy(bytes_, &value, sizeof(T));
  }
  static T Native(T value) {
    if constexpr (kOrder == std::endian::native || sizeof(T) == 1) {
      return value;
    } else if constexpr (sizeof(T) == 2) {
      return static_cast<T>(__builtin_bswap16(static_cast<uint16_t>(value)));
    } else if constexpr (sizeof(T) == 4) {
      return static_cast<T>(__builtin_bswap32(static_cast<uint32_t>(value)));
    } else {
      return static_cast<T>(__builtin_bswap64(static_cast<uint64_t>(value)));
    }
  }

  std::byte bytes_[sizeof(T)];
};

template <std::integral T>
using Le = Packed<T, std::endian::little>;

// A struct that may be read in place from untrusted bytes: it holds only
// `Packed` and byte members, so it has no alignment, no padding and no invalid
// value.
template <typename T>
concept OnDisk = std::is_trivially_copyable_v<T> && alignof(T) == 1;

}  // namespace relink

#endif  // RELINK_SUPPORT_BYTE_ORDER_H_
