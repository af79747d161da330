// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ARCH_HEX_CODE_H_
#define RELINK_ARCH_HEX_CODE_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace relink {

// For tests only: code from hexadecimal digits, two for each byte, and blanks.
class HexCode {
 public:
  static constexpr size_t kMaxSize = 32;

  // NOLINTNEXTLINE(google-explicit-constructor): stands for the bytes.
  constexpr HexCode(const char* text) {
    unsigned digits = 0;
    unsigned value = 0;
    for (; *text != 0 && size_ < kMaxSize; ++text) {
      if (*text == ' ') continue;
      const bool letter = *text >= 'a';
      const int digit = letter ? *text - 'a' + 10 : *text - '0';
      value = value << 4 | static_cast<unsigned>(digit);
      if (++digits % 2 == 0) bytes_[size_++] = static_cast<std::byte>(value);
    }
  }

  constexpr std::span<const std::byte> bytes() const { return {bytes_, size_}; }
  // With zeros behind it.
  constexpr std::span<const std::byte> padded() const { return bytes_; }

 private:
  std::byte bytes_[kMaxSize] = {};
  size_t size_ = 0;
};

}  // namespace relink

#endif  // RELINK_ARCH_HEX_CODE_H_
