// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_FILE_PARTS_H_
#define RELINK_SCAN_FILE_PARTS_H_

#include <cstdint>
#include <optional>
#include <span>

#include "absl/status/statusor.h"
#include "relink/elf/address_view.h"
#include "relink/elf/elf_file.h"
#include "relink/elf/relocations.h"
#include "relink/elf/symbol_table.h"
#include "relink/ir/link_graph.h"
#include "relink/support/byte_view.h"

namespace relink {

// A .symtab with its strings; empty if the file has been stripped.
template <class E>
struct FullSymbols {
  std::span<const elf::Sym<E>> symbols;
  ByteView strings;
};

// Everything in a file that opening its module looks at. Views of the bytes
// that the module's source keeps.
template <class E>
struct FileParts {
  elf::ElfFile<E> file;
  elf::AddressView<E> view;
  // None if the file has none, or has broken ones: loading needs none, so
  // nobody may have noticed.
  std::optional<elf::SectionTable<E>> sections;
  elf::SymbolTable<E> dynamic_symbols;
  // With those that only a relocation names.
  uint32_t dynamic_symbol_count = 0;
  FullSymbols<E> full_symbols;
  elf::RelocationTables<E> relocations;
};

// Reads all of the module's file.
// InvalidArgument, OutOfRange: a table of the dynamic table is not in its file.
template <class E>
absl::StatusOr<FileParts<E>> ReadFileParts(Module& module);

extern template absl::StatusOr<FileParts<elf::Elf64Le>> ReadFileParts(Module&);

}  // namespace relink

#endif  // RELINK_SCAN_FILE_PARTS_H_
