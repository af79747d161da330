// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_TESTING_IMAGE_SPEC_H_
#define RELINK_ELF_TESTING_IMAGE_SPEC_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "relink/elf/constants.h"
#include "relink/support/address.h"

// For tests only: what `BuildImage` (image_builder.h) should put into an image.
namespace relink::elf {

using Bytes = std::vector<std::byte>;

inline Bytes BytesOf(std::initializer_list<unsigned> values) {
  Bytes bytes;
  for (unsigned value : values) bytes.push_back(static_cast<std::byte>(value));
  return bytes;
}

// The part of the image that an offset counts from.
enum class Area {
  kAbsolute,  // No part: the offset is the value.
  kUndefined,
  kText,
  kInitArray,
  kFiniArray,
  kRelro,  // .got: writable until relocated.
  kData,
  kBss,
  kTls,  // Offsets are into the TLS segment, not addresses.
};

// How many DT_NULL a table has besides the one that ends it.
inline constexpr int kSpareDynamic = 4;

struct ImageSymbol {
  std::string name;
  Area area = Area::kText;
  uint64_t offset = 0;
  uint64_t size = 0;
  uint8_t bind = kStbGlobal;
  uint8_t type = kSttFunc;
  uint8_t visibility = kStvDefault;
  // One of `ImageSpec::versions`, or of `needs` if undefined; or none.
  std::string version = {};
  bool hidden = false;  // Not the default version of its name.
};

struct ImageRelocation {
  Area area = Area::kData;
  uint64_t offset = 0;
  uint32_t type = 0;
  std::string symbol = {};  // Empty: symbol 0.
  int64_t addend = 0;
  Area addend_area = Area::kAbsolute;  // Its address is added to `addend`.
};

struct ImageNeed {
  std::string file;
  std::vector<std::string> versions;
};

struct ImageNote {
  std::string name;
  uint32_t type = 0;
  Bytes description;
};

struct ImageSpec {
  uint16_t machine = kEmX86_64;
  std::string soname = {};
  std::string runpath = {};
  std::vector<std::string> needed = {};

  Bytes text = {};
  Bytes relro = {};
  Bytes data = {};
  uint64_t bss_size = 0;
  Bytes tls = {};
  uint64_t tls_bss_size = 0;
  // Offsets into `text`. Their slots hold link addresses; relocate them with
  // entries of `relocations` or `relative_words`.
  std::vector<uint64_t> init_array = {};
  std::vector<uint64_t> fini_array = {};

  std::vector<ImageSymbol> symbols = {};
  std::vector<std::string> versions = {};  // Defined here.
  std::vector<ImageNeed> needs = {};
  std::vector<ImageRelocation> relocations = {};      // DT_RELA or DT_REL.
  std::vector<ImageRelocation> plt_relocations = {};  // DT_JMPREL.
  std::vector<std::pair<Area, uint64_t>> relative_words = {};  // DT_RELR.
  std::vector<ImageNote> notes = {};
  std::vector<std::pair<int64_t, uint64_t>> dynamic = {};  // More entries.

  bool rela = true;  // false: DT_REL, whose addends are in place.
  bool gnu_hash = true;
  bool sysv_hash = false;
  bool eh_frame = false;  // One record that covers `text`.
  bool section_headers = true;
};

// Where a part of an image came to lie.
struct Place {
  uint64_t offset = 0;
  uint64_t addr = 0;  // 0 if not loaded.
  uint64_t size = 0;  // In memory.
  uint16_t section = 0;

  uint64_t end() const { return offset + size; }
  friend bool operator==(const Place&, const Place&) = default;
};

// By section name: ".dynsym".
using PlaceMap = std::map<std::string, Place>;

}  // namespace relink::elf

#endif  // RELINK_ELF_TESTING_IMAGE_SPEC_H_
