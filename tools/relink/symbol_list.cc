// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/symbol_list.h"

#include "absl/strings/str_cat.h"
#include "relink/support/status.h"

namespace relink::tools {
namespace {

using namespace elf;  // NOLINT: this file is about its types only

template <class E>
uint32_t TableSize(const ElfParts<E>& parts, SymbolTableKind table) {
  switch (table) {
    case SymbolTableKind::kDynamic:
      return parts.symbols.CountSymbols();
    case SymbolTableKind::kFull:
      return static_cast<uint32_t>(parts.symtab.size());
  }
  return 0;
}

// REQUIRES: index < TableSize(parts, table).
template <class E>
const Sym<E>& SymbolAt(const ElfParts<E>& parts, SymbolTableKind table,
                       uint32_t index) {
  return table == SymbolTableKind::kDynamic ? parts.symbols[index]
                                            : parts.symtab[index];
}

template <class E>
absl::string_view SectionOf(const ElfParts<E>& parts, const Sym<E>& symbol) {
  const uint16_t index = symbol.st_shndx;
  if (index == kShnUndef) return "UND";
  if (index == kShnAbs) return "ABS";
  if (index == kShnCommon) return "COM";
  if (!parts.sections || index >= kShnLoreserve ||
      index >= parts.sections->sections().size()) {
    return "";
  }
  return View(parts.sections->Name(parts.sections->sections()[index]));
}

template <class E>
absl::string_view NameOf(const ElfParts<E>& parts, SymbolTableKind table,
                         const Sym<E>& symbol) {
  if (symbol.type() == kSttSection && symbol.st_name == 0) {
    return SectionOf(parts, symbol);
  }
  return StringAt(
      table == SymbolTableKind::kDynamic ? parts.strings : parts.symtab_strings,
      symbol.st_name);
}

template <class E>
void AddVersion(const ElfParts<E>& parts, SymbolFacts& facts) {
  const uint16_t entry = parts.symbols.Version(facts.index);
  const uint16_t index = entry & kVersymVersion;
  if (index <= kVerNdxGlobal || index >= parts.versions.size()) return;
  const Version& version = parts.versions[index];
  facts.version = View(version.name);
  facts.version_file = View(version.file);
  facts.default_version = facts.defined && (entry & kVersymHidden) == 0;
}

template <class E>
void ListTable(const ElfParts<E>& parts, SymbolTableKind table,
               absl::FunctionRef<void(const SymbolFacts&)> visit) {
  const uint32_t size = TableSize(parts, table);
  for (uint32_t i = 1; i < size; ++i) {
    const Sym<E>& symbol = SymbolAt(parts, table, i);
    SymbolFacts facts = {.table = table,
                         .index = i,
                         .name = NameOf(parts, table, symbol),
                         .section = SectionOf(parts, symbol),
                         .value = symbol.st_value,
                         .size = symbol.st_size,
                         .type = symbol.type(),
                         .bind = symbol.bind(),
                         .visibility = symbol.visibility(),
                         .defined = !symbol.undefined()};
    if (table == SymbolTableKind::kDynamic) AddVersion(parts, facts);
    visit(facts);
  }
}

}  // namespace

std::string SymbolFacts::VersionedName() const {
  // GNU ld gives each version a symbol of its own name.
  if (version.empty() || version == name) return std::string(name);
  return absl::StrCat(name, default_version ? "@@" : "@", version);
}

Result<void> ListSymbols(ByteView file,
                         absl::FunctionRef<void(const SymbolFacts&)> visit) {
  auto listed = WithElfParts(file, [&](const auto& parts) {
    ListTable(parts, SymbolTableKind::kDynamic, visit);
    ListTable(parts, SymbolTableKind::kFull, visit);
    return true;
  });
  if (!listed.ok()) return listed.error();
  return {};
}

template <class E>
SymbolCounts CountSymbols(const ElfParts<E>& parts, SymbolTableKind table) {
  SymbolCounts counts;
  const uint32_t size = TableSize(parts, table);
  for (uint32_t i = 1; i < size; ++i) {
    const Sym<E>& symbol = SymbolAt(parts, table, i);
    ++counts.total;
    ++(symbol.undefined() ? counts.undefined : counts.defined);
    ++counts.by_type[symbol.type()];
    ++counts.by_bind[symbol.bind()];
  }
  return counts;
}

template <class E>
absl::string_view SymbolNameAt(const ElfParts<E>& parts, SymbolTableKind table,
                               uint32_t index) {
  const uint64_t limit = table == SymbolTableKind::kDynamic
                             ? parts.symbols.limit()
                             : parts.symtab.size();
  if (index == 0 || index >= limit) return "";
  return NameOf(parts, table, SymbolAt(parts, table, index));
}

#define INSTANTIATE(E)                                                         \
  template SymbolCounts CountSymbols(const ElfParts<E>&, SymbolTableKind);     \
  template absl::string_view SymbolNameAt(const ElfParts<E>&, SymbolTableKind, \
                                          uint32_t)
INSTANTIATE(Elf32Le);
INSTANTIATE(Elf32Be);
INSTANTIATE(Elf64Le);
INSTANTIATE(Elf64Be);

}  // namespace relink::tools
