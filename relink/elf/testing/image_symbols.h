// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_TESTING_IMAGE_SYMBOLS_H_
#define RELINK_ELF_TESTING_IMAGE_SYMBOLS_H_

#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "relink/elf/records.h"
#include "relink/elf/testing/image_spec.h"
#include "relink/support/byte_order.h"

// For tests only: the symbols, strings and versions of an image, each table as
// bytes. They follow the specifications directly and share no code with the
// parsers they test, but for the hash functions, which have their own tests.
namespace relink::elf {

template <OnDisk T>
void Append(Bytes* out, const T& record) {
  const auto bytes = std::as_bytes(std::span(&record, 1));
  out->insert(out->end(), bytes.begin(), bytes.end());
}

// An integer as a field of E's class.
template <class E>
typename E::Native Word(uint64_t value) {
  return static_cast<typename E::Native>(value);
}

// Strings, each once, found by their offset.
class StringTable {
 public:
  StringTable() : bytes_(1) {}

  uint32_t Add(const std::string& text);
  const Bytes& bytes() const { return bytes_; }

 private:
  Bytes bytes_;
  std::map<std::string, uint32_t> offsets_;
};

// The address of `offset` in `area`.
uint64_t AddressIn(Area area, uint64_t offset, const PlaceMap& places);

struct SymbolTables {
  Bytes dynsym;
  Bytes versym;
  Bytes gnu_hash;
  Bytes sysv_hash;
  uint32_t first_global = 1;
  std::map<std::string, uint32_t> index;  // By "name" or "name@version".
};

template <class E>
SymbolTables MakeSymbolTables(const ImageSpec& spec, const PlaceMap& places,
                              StringTable* strings);

// DT_VERDEF and DT_VERNEED: the image itself is version 1, then come those
// defined, then those needed.
template <class E>
Bytes MakeVersionDefinitions(const ImageSpec& spec, StringTable* strings);
template <class E>
Bytes MakeVersionNeeds(const ImageSpec& spec, StringTable* strings);

}  // namespace relink::elf

#endif  // RELINK_ELF_TESTING_IMAGE_SYMBOLS_H_
