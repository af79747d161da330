// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_ELF_PARTS_H_
#define RELINK_TOOLS_RELINK_ELF_PARTS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "relink/elf/address_view.h"
#include "relink/elf/dynamic.h"
#include "relink/elf/elf_file.h"
#include "relink/elf/relocations.h"
#include "relink/elf/symbol_table.h"
#include "relink/elf/versions.h"

namespace relink::tools {

// All tables of one file that can be read. A broken one is left out and noted,
// so that the rest of a damaged file can still be looked at. Refers to the
// file's bytes.
template <class E>
struct ElfParts {
  elf::ElfFile<E> file;
  elf::AddressView<E> view;

  std::optional<elf::SectionTable<E>> sections = {};  // None, or broken.
  std::span<const elf::Sym<E>> symtab = {};           // SHT_SYMTAB.
  ByteView symtab_strings = {};

  std::span<const elf::Dyn<E>> dynamic_entries = {};  // Empty: not dynamic.
  elf::Dynamic dynamic = {};
  ByteView strings = {};  // DT_STRTAB.
  elf::SymbolTable<E> symbols = {};
  std::vector<elf::Version> versions = {};  // By DT_VERSYM index.
  elf::RelocationTables<E> relocations = {};

  std::vector<std::string> warnings = {};  // Of what loading does not need.
  std::vector<absl::Status> errors = {};   // Of what it does need.

  uint16_t type() const { return file.header().e_type; }
  bool is_dynamic() const { return !dynamic_entries.empty(); }
};

// As ElfFile::Parse: fails only if header or segments are broken.
template <class E>
Result<ElfParts<E>> ReadElfParts(ByteView bytes);

// The string at `offset`, empty if it is not in `strings`.
inline absl::string_view StringAt(ByteView strings, uint64_t offset) {
  auto text = strings.CString(offset);
  if (!text.ok()) return absl::string_view();
  return absl::string_view(text->data(), text->size());
}

// Reads the parts of a file of any class and byte order and returns
// `use(parts)`, which is called with an ElfParts of the file's type.
template <typename Use>
auto WithElfParts(ByteView bytes, Use use)
    -> Result<decltype(use(std::declval<ElfParts<elf::Elf64Le>>()))> {
  RELINK_TRY_ASSIGN(elf::Identity identity, elf::Identify(bytes));
  const auto read =
      [&]<class E>(E) -> Result<decltype(use(std::declval<ElfParts<E>>()))> {
    RELINK_TRY_ASSIGN(ElfParts<E> parts, ReadElfParts<E>(bytes));
    return use(parts);
  };
  const bool little = identity.byte_order == elf::kElfData2Lsb;
  if (identity.elf_class == elf::kElfClass64) {
    return little ? read(elf::Elf64Le()) : read(elf::Elf64Be());
  }
  return little ? read(elf::Elf32Le()) : read(elf::Elf32Be());
}

extern template Result<ElfParts<elf::Elf32Le>> ReadElfParts(ByteView);
extern template Result<ElfParts<elf::Elf32Be>> ReadElfParts(ByteView);
extern template Result<ElfParts<elf::Elf64Le>> ReadElfParts(ByteView);
extern template Result<ElfParts<elf::Elf64Be>> ReadElfParts(ByteView);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_ELF_PARTS_H_
