// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_SYMBOL_NAME_H_
#define RELINK_ELF_SYMBOL_NAME_H_

#include <cstddef>
#include <cstdint>

#include "relink/support/string_ref.h"

namespace relink::elf {

// The hash of DT_GNU_HASH: Bernstein's, modulo 2^32.
constexpr uint32_t GnuHash(StringRef name) {
  constexpr uint32_t k1 = 33, k2 = k1 * 33, k3 = k2 * 33, k4 = k3 * 33;
  const auto at = [&](size_t i) -> uint32_t {
    return static_cast<uint8_t>(name.data()[i]);
  };
  uint32_t hash = 5381;
  size_t i = 0;
  // Four steps of the loop below in one, whose products do not wait for each
  // other.
  for (; i + 4 <= name.size(); i += 4) {
    hash = hash * k4 + at(i) * k3 + at(i + 1) * k2 + at(i + 2) * k1 + at(i + 3);
  }
  for (; i < name.size(); ++i) hash = hash * 33 + at(i);
  return hash;
}

// The hash of DT_HASH and of versions (gABI, "Hash Table").
constexpr uint32_t SysvHash(StringRef name) {
  uint32_t hash = 0;
  for (char c : name) {
    hash = (hash << 4) + static_cast<uint8_t>(c);
    hash ^= (hash >> 24) & 0xf0;
  }
  return hash & 0x0fffffff;
}

// A name to look up, with its GNU hash. The hash of a literal is computed by
// the compiler. Does not own the characters.
class SymbolName {
 public:
  // A string literal; an array that is not a constant does not compile.
  template <size_t kSize>
  // NOLINTNEXTLINE(google-explicit-constructor): literals are names.
  consteval SymbolName(const char (&literal)[kSize])
      : text_(literal, kSize - 1), gnu_hash_(GnuHash(text_)) {}

  constexpr explicit SymbolName(StringRef text)
      : text_(text), gnu_hash_(GnuHash(text)) {}

  constexpr StringRef text() const { return text_; }
  constexpr uint32_t gnu_hash() const { return gnu_hash_; }

 private:
  StringRef text_;
  uint32_t gnu_hash_;
};

}  // namespace relink::elf

#endif  // RELINK_ELF_SYMBOL_NAME_H_
