// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/elf_parts.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "relink/support/status.h"

namespace relink::tools {
namespace {

using namespace elf;  // NOLINT: this file is about its types only

template <class E>
void ReadSections(ElfParts<E>& parts) {
  auto sections = SectionTable<E>::Parse(parts.file);
  if (!sections.ok()) {
    parts.warnings.emplace_back(
        ToStatus(sections.error(), "section headers").message());
    return;
  }
  if (sections->sections().empty()) return;
  parts.sections = *std::move(sections);
  const Shdr<E>* symtab = parts.sections->FindType(kShtSymtab);
  if (symtab == nullptr) return;
  const ByteView contents = parts.sections->Contents(*symtab);
  auto symbols = contents.Records<Sym<E>>(0, contents.size() / sizeof(Sym<E>));
  if (symbols.ok()) parts.symtab = *symbols;
  const auto all = parts.sections->sections();
  if (symtab->sh_link < all.size()) {
    parts.symtab_strings = parts.sections->Contents(all[symtab->sh_link]);
  }
}

template <class E>
Result<void> ReadVersions(ElfParts<E>& parts) {
  VersionReader<E> reader(parts.view, parts.dynamic, parts.strings);
  RELINK_TRY_ASSIGN(uint32_t count, reader.Count());
  parts.versions.resize(count);
  return reader.Read(parts.versions);
}

template <class E>
void ReadDynamic(ElfParts<E>& parts) {
  const auto note = [&](const Error& error, absl::string_view what) {
    parts.errors.push_back(ToStatus(error, what));
  };
  for (const Phdr<E>& segment : parts.file.segments()) {
    if (segment.p_type != kPtDynamic) continue;
    const ByteView contents = parts.file.Contents(segment);
    auto entries =
        contents.Records<Dyn<E>>(0, contents.size() / sizeof(Dyn<E>));
    if (entries.ok()) parts.dynamic_entries = *entries;
    break;
  }
  // A file of debug information alone has the segment but not its bytes.
  if (parts.dynamic_entries.empty()) return;
  auto dynamic = ParseDynamic<E>(parts.dynamic_entries);
  if (!dynamic.ok()) {
    parts.dynamic_entries = {};
    const Error& error = dynamic.error();
    parts.errors.emplace_back(ToStatus(error, "").code(),
                              absl::StrCat("dynamic table: ", error.what,
                                           " (at entry ", error.offset, ")"));
    return;
  }
  parts.dynamic = *dynamic;
  auto strings =
      parts.view.Slice(parts.dynamic.strtab.addr, parts.dynamic.strtab.size);
  if (strings.ok()) {
    parts.strings = *strings;
    auto symbols = SymbolTable<E>::Parse(parts.view, parts.dynamic);
    if (symbols.ok()) {
      parts.symbols = *std::move(symbols);
    } else {
      note(symbols.error(), "dynamic symbols");
    }
    auto versions = ReadVersions(parts);
    if (!versions.ok()) note(versions.error(), "symbol versions");
  } else {
    note(strings.error(), "dynamic strings");
  }
  auto relocations = RelocationTables<E>::Parse(parts.view, parts.dynamic);
  if (relocations.ok()) {
    parts.relocations = *std::move(relocations);
  } else {
    note(relocations.error(), "dynamic relocations");
  }
}

}  // namespace

template <class E>
Result<ElfParts<E>> ReadElfParts(ByteView bytes) {
  RELINK_TRY_ASSIGN(ElfFile<E> file, ElfFile<E>::Parse(bytes));
  ElfParts<E> parts = {.file = file, .view = AddressView<E>::OfFile(file)};
  ReadSections(parts);
  ReadDynamic(parts);
  return parts;
}

template Result<ElfParts<Elf32Le>> ReadElfParts(ByteView);
template Result<ElfParts<Elf32Be>> ReadElfParts(ByteView);
template Result<ElfParts<Elf64Le>> ReadElfParts(ByteView);
template Result<ElfParts<Elf64Be>> ReadElfParts(ByteView);

}  // namespace relink::tools
