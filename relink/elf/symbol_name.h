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
  uint32_t hash = 5381;
  for (char c : name) hash = hash * 33 + static_cast<uint8_t>(c);
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
  consteval SymbolName(const char (&literal)[kSize])  // NOLINT: literals are names
      : text_(literal, kSize - 1), gnu_hash_(GnuHash(text_)) {}

  constexpr explicit SymbolName(StringRef text)
      : text_(text), gnu_hash_(GnuHash(text)) {}

  // A NUL-terminated name, measured and hashed in one go.
  static SymbolName OfCString(const char* text) {
    uint32_t hash = 5381;
    const char* end = text;
    for (; *end != '\0'; ++end) hash = hash * 33 + static_cast<uint8_t>(*end);
    return SymbolName(StringRef(text, static_cast<size_t>(end - text)), hash);
  }

  constexpr StringRef text() const { return text_; }
  constexpr uint32_t gnu_hash() const { return gnu_hash_; }

 private:
  SymbolName(StringRef text, uint32_t gnu_hash)
      : text_(text), gnu_hash_(gnu_hash) {}

  StringRef text_;
  uint32_t gnu_hash_;
};

}  // namespace relink::elf

#endif  // RELINK_ELF_SYMBOL_NAME_H_
