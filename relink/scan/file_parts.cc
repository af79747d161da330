// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/file_parts.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "relink/elf/constants.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

using elf::Shdr;

template <class E>
FullSymbols<E> FindFullSymbols(const elf::SectionTable<E>& table) {
  const Shdr<E>* section = table.FindType(elf::kShtSymtab);
  if (section == nullptr || section->sh_link >= table.sections().size()) {
    return {};
  }
  const ByteView bytes = table.Contents(*section);
  const auto symbols = bytes.template Records<elf::Sym<E>>(
      0, bytes.size() / sizeof(elf::Sym<E>));
  if (!symbols.ok()) return {};
  return {*symbols, table.Contents(table.sections()[section->sh_link])};
}

// As many symbols as are counted or named by a relocation.
template <class E>
uint32_t CountDynamicSymbols(const FileParts<E>& parts) {
  uint32_t count = parts.dynamic_symbols.CountSymbols();
  const auto include = [&](const auto& table) {
    for (const auto& entry : table) count = std::max(count, entry.sym() + 1);
  };
  include(parts.relocations.rela);
  include(parts.relocations.rel);
  include(parts.relocations.jmprel_rela);
  include(parts.relocations.jmprel_rel);
  return std::min(count, parts.dynamic_symbols.limit());
}

}  // namespace

template <class E>
absl::StatusOr<FileParts<E>> ReadFileParts(Module& module) {
  ASSIGN_OR_RETURN(const ByteView bytes,
                   module.source.Read(0, module.source.size()));
  const auto file = elf::ElfFile<E>::Parse(bytes);
  if (!file.ok()) return ToStatus(file.error(), "ELF header");
  FileParts<E> parts{.file = *file,
                     .view = {},
                     .sections = {},
                     .dynamic_symbols = {},
                     .full_symbols = {},
                     .relocations = {}};
  parts.view = elf::AddressView<E>::OfFile(parts.file);
  auto sections = elf::SectionTable<E>::Parse(parts.file);
  if (sections.ok() && !sections->sections().empty()) {
    parts.full_symbols = FindFullSymbols<E>(*sections);
    parts.sections = *std::move(sections);
  }
  if (module.dynamic_table.size == 0) return parts;
  auto symbols = elf::SymbolTable<E>::Parse(parts.view, module.dynamic);
  if (!symbols.ok()) return ToStatus(symbols.error(), "dynamic symbols");
  parts.dynamic_symbols = *std::move(symbols);
  auto relocations =
      elf::RelocationTables<E>::Parse(parts.view, module.dynamic);
  if (!relocations.ok()) {
    return ToStatus(relocations.error(), "dynamic relocations");
  }
  parts.relocations = *relocations;
  parts.dynamic_symbol_count = CountDynamicSymbols<E>(parts);
  return parts;
}

template absl::StatusOr<FileParts<elf::Elf64Le>> ReadFileParts(Module&);

}  // namespace relink
