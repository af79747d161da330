// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ARCH_X86_64_BYTE_READER_H_
#define RELINK_ARCH_X86_64_BYTE_READER_H_

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "relink/support/byte_order.h"

namespace relink::x86_64 {

// Reads the bytes of one instruction from front to back. What is not there
// reads as zero and is remembered, so that it need be asked for only once.
class ByteReader {
 public:
  static constexpr size_t kMaxLength = 15;  // SDM volume 2, 2.3.11.

  explicit ByteReader(std::span<const std::byte> bytes)
      : bytes_(bytes.size() < kMaxLength ? bytes : bytes.first(kMaxLength)) {}

  // Whether more was read than there is.
  bool cut_off() const { return cut_off_; }
  // How many bytes were read.
  uint8_t position() const { return static_cast<uint8_t>(at_); }

  // The next byte, which stays the next one.
  uint8_t Peek() const {
    return at_ < bytes_.size() ? static_cast<uint8_t>(bytes_[at_]) : 0;
  }
  uint8_t Next() { return NextAs<uint8_t>(); }

  // An integer of `size` bytes, sign-extended. REQUIRES: size is 1, 2, 4 or 8.
  int64_t NextSigned(unsigned size) {
    switch (size) {
      case 1:
        return NextAs<int8_t>();
      case 2:
        return NextAs<int16_t>();
      case 4:
        return NextAs<int32_t>();
      default:
        return NextAs<int64_t>();
    }
  }

 private:
  template <std::integral T>
  T NextAs() {
    if (bytes_.size() - at_ < sizeof(T)) {
      cut_off_ = true;
      return 0;
    }
    Le<T> value;
    std::memcpy(&value, &bytes_[at_], sizeof(value));
    at_ += sizeof(value);
    return value;
  }

  std::span<const std::byte> bytes_;
  size_t at_ = 0;
  bool cut_off_ = false;
};

}  // namespace relink::x86_64

#endif  // RELINK_ARCH_X86_64_BYTE_READER_H_
