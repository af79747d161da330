// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_SYMBOL_LIST_H_
#define RELINK_TOOLS_RELINK_SYMBOL_LIST_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "relink/support/byte_view.h"
#include "tools/relink/elf_parts.h"

namespace relink::tools {

enum class SymbolTableKind : uint8_t {
  kDynamic,
  kFull
};  // DT_SYMTAB, .symtab.

struct SymbolFacts {
  SymbolTableKind table;
  uint32_t index;
  absl::string_view name;
  absl::string_view version = {};  // Empty: none.
  absl::string_view version_file =
      {};                        // The library that a version is needed from.
  bool default_version = false;  // name@@VERSION.
  absl::string_view section;     // Its name, or "UND", "ABS", "COM", or empty.
  uint64_t value;
  uint64_t size;
  uint8_t type;
  uint8_t bind;
  uint8_t visibility;
  bool defined;

  // "name@VERSION" as the GNU tools write it.
  std::string VersionedName() const;
};

// How many symbols there are, not counting index 0.
struct SymbolCounts {
  uint64_t total = 0;
  uint64_t defined = 0;
  uint64_t undefined = 0;
  std::array<uint64_t, 16> by_type{};
  std::array<uint64_t, 16> by_bind{};
};

// Calls `visit` for every symbol of the file in turn, the dynamic ones first;
// takes no memory for them. Strings refer to the file's bytes.
Result<void> ListSymbols(ByteView file,
                         absl::FunctionRef<void(const SymbolFacts&)> visit);

template <class E>
SymbolCounts CountSymbols(const ElfParts<E>& parts, SymbolTableKind table);

// The name of symbol `index`; that of its section for a section symbol.
template <class E>
absl::string_view SymbolNameAt(const ElfParts<E>& parts, SymbolTableKind table,
                               uint32_t index);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_SYMBOL_LIST_H_
