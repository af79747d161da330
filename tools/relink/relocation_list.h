// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_RELOCATION_LIST_H_
#define RELINK_TOOLS_RELINK_RELOCATION_LIST_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "relink/support/byte_view.h"
#include "tools/relink/elf_parts.h"
#include "tools/relink/relocation_name.h"

namespace relink::tools {

// Where a relocation stands: in a dynamic table, or in a relocation section
// that no dynamic table names (of a relocatable object or a static executable,
// or retained by the linker).
enum class RelocationTable : uint8_t { kRela, kRel, kRelr, kJmprel, kSections };
inline constexpr size_t kRelocationTables = 5;

// "RELA", "REL", "RELR", "JMPREL", "sections".
absl::string_view RelocationTableName(RelocationTable table);

struct RelocationFacts {
  RelocationTable table;
  absl::string_view section = {};  // The relocation section, if in one.
  uint64_t offset = 0;             // r_offset.
  uint32_t type = 0;               // Not of RELR: always relative.
  absl::string_view symbol = {};   // Empty: none, or without a name.
  bool has_addend = false;
  int64_t addend = 0;
};

struct RelocationCounts {
  // Hostile files cannot make the map grow past this.
  static constexpr size_t kMaxTypes = 1024;

  struct Table {
    uint64_t total = 0;
    std::map<uint32_t, uint64_t> by_type;  // Empty for RELR.
  };
  std::array<Table, kRelocationTables> tables;

  const Table& operator[](RelocationTable table) const {
    return tables[static_cast<size_t>(table)];
  }
  uint64_t Total() const;
  // Of the tables that a loader applies, RELR's words being relative.
  uint64_t CountRole(const Platform& platform, RelocationRole role) const;
};

// Calls `visit` for every relocation of the file in turn; takes no memory for
// them. Strings refer to the file's bytes.
Result<void> ListRelocations(
    ByteView file, absl::FunctionRef<void(const RelocationFacts&)> visit);

template <class E>
RelocationCounts CountRelocations(const ElfParts<E>& parts);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_RELOCATION_LIST_H_
