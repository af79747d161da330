// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/walk_image.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "relink/elf/address_view.h"
#include "relink/elf/definitions.h"
#include "relink/elf/dynamic.h"
#include "relink/elf/eh_frame.h"
#include "relink/elf/elf_file.h"
#include "relink/elf/notes.h"
#include "relink/elf/relocations.h"
#include "relink/elf/symbol_table.h"
#include "relink/elf/versions.h"

namespace relink::elf {
namespace {

// Lookups may each take as long as the hash table is; that many keep the work
// linear.
constexpr uint32_t kMaxLookups = 64;

template <class E>
void WalkSymbols(const SymbolTable<E>& symbols,
                 std::span<const Version> versions, Walk* walk) {
  const Definitions<E> definitions{symbols, versions};
  const uint32_t count = symbols.CountSymbols();
  for (uint32_t i = 0; i < count; ++i) {
    const Sym<E>& symbol = symbols[i];
    walk->Add(symbol.st_value + symbol.st_size + symbol.bind() + symbol.type());
    walk->Add(definitions.VersionAt(symbols.Version(i)).hash);
  }
  for (uint32_t i = 0; i < std::min(count, kMaxLookups); ++i) {
    const SymbolName name(symbols.Name(symbols[i]));
    walk->Read(name.text());
    walk->Add(symbols.LookupName(symbols[i]).gnu_hash());
    const Version& version = definitions.VersionAt(symbols.Version(i));
    walk->Add(definitions.Find(name, {}));
    walk->Add(definitions.Find(name, {.newest = true}));
    walk->Add(definitions.Find(name, {.version = &version}));
    walk->Add(symbols.Find(name, [](uint32_t) { return false; }));
  }
}

template <class E, class Record>
void WalkRelocations(std::span<const Record> table, Walk* walk) {
  for (const Record& record : table) {
    walk->Add(record.r_offset + record.sym() + record.type());
  }
}

template <class E>
void WalkStrings(std::span<const Dyn<E>> table, const Dynamic& dynamic,
                 ByteView strings, Walk* walk) {
  ForEachNeeded<E>(table, [&](uint64_t offset) {
    auto name = strings.CString(offset);
    if (walk->Ok(name)) walk->Read(*name);
  });
  for (uint64_t offset : {dynamic.soname, dynamic.rpath, dynamic.runpath}) {
    if (offset == Dynamic::kNoString) continue;
    auto name = strings.CString(offset);
    if (walk->Ok(name)) walk->Read(*name);
  }
}

template <class E>
void WalkDynamic(const AddressView<E>& view, std::span<const Dyn<E>> table,
                 Walk* walk) {
  auto dynamic = ParseDynamic<E>(table);
  if (!walk->Ok(dynamic)) return;
  auto symbols = SymbolTable<E>::Parse(view, *dynamic);
  if (walk->Ok(symbols)) {
    WalkStrings<E>(table, *dynamic, symbols->strings(), walk);
    const VersionReader<E> reader(view, *dynamic, symbols->strings());
    std::vector<Version> versions;
    auto count = reader.Count();
    if (walk->Ok(count)) {
      versions.resize(*count);
      if (!walk->Ok(reader.Read(versions))) versions.clear();
    }
    for (const Version& version : versions) {
      walk->Read(version.name);
      walk->Read(version.file);
    }
    WalkSymbols<E>(*symbols, versions, walk);
  }
  auto tables = RelocationTables<E>::Parse(view, *dynamic);
  if (!walk->Ok(tables)) return;
  WalkRelocations<E>(tables->rela, walk);
  WalkRelocations<E>(tables->rel, walk);
  WalkRelocations<E>(tables->jmprel_rela, walk);
  WalkRelocations<E>(tables->jmprel_rel, walk);
  ForEachRelr<E>(tables->relr, [&](LinkAddr addr) {
    walk->Add(addr.value());
    return true;
  });
}

template <class E>
void WalkNotes(ByteView bytes, uint64_t alignment, Walk* walk) {
  walk->Ok(ForEachNote<E>(bytes, alignment, [&](const Note& note) {
    walk->Read(note.name);
    walk->Read(note.description);
    walk->Add(note.type);
  }));
}

}  // namespace

template <class E>
void WalkLoaded(ByteView bytes, Walk* walk) {
  auto file = ElfFile<E>::Parse(bytes);
  if (!walk->Ok(file)) return;
  walk->Add(file->header().e_type + file->header().e_machine);
  const auto view = AddressView<E>::OfFile(*file);
  bool seen = false;
  for (const Phdr<E>& segment : file->segments()) {
    // Only a hostile file has more than one: the first is enough.
    if (segment.p_type != kPtDynamic || seen) continue;
    seen = true;
    const ByteView contents = file->Contents(segment);
    auto table = contents.template Records<Dyn<E>>(
        0, contents.size() / sizeof(Dyn<E>));
    if (walk->Ok(table)) WalkDynamic<E>(view, *table, walk);
  }
}

template <class E>
void WalkUnloaded(ByteView bytes, Walk* walk) {
  auto file = ElfFile<E>::Parse(bytes);
  if (!walk->Ok(file)) return;
  const auto view = AddressView<E>::OfFile(*file);
  // Segments and sections may overlap: read this much in all.
  uint64_t budget = 64 * bytes.size();
  auto afford = [&](ByteView part) {
    const bool affordable = part.size() <= budget;
    if (affordable) budget -= part.size();
    return affordable;
  };
  for (const Phdr<E>& segment : file->segments()) {
    const ByteView contents = file->Contents(segment);
    if (!afford(contents)) break;
    walk->Read(contents);
    if (segment.p_type == kPtNote) {
      WalkNotes<E>(contents, segment.p_align, walk);
    } else if (segment.p_type == kPtGnuEhFrame) {
      walk->Ok(FindEhFrame<E>(
          view, {LinkAddr(segment.p_vaddr), segment.p_memsz}));
    }
  }
  walk->Read(FindBuildId<E>(*file));
  auto sections = SectionTable<E>::Parse(*file);
  if (!walk->Ok(sections)) return;
  for (const Shdr<E>& section : sections->sections()) {
    const ByteView contents = sections->Contents(section);
    const StringRef name = sections->Name(section);
    if (!afford(contents) || !afford(ByteView(name.data(), name.size()))) break;
    walk->Read(name);
    walk->Read(contents);
    if (section.sh_type == kShtNote) {
      WalkNotes<E>(contents, section.sh_addralign, walk);
    }
  }
  walk->Add(sections->FindType(kShtDynamic) != nullptr);
}

#define RELINK_INSTANTIATE(E)                      \
  template void WalkLoaded<E>(ByteView, Walk*);    \
  template void WalkUnloaded<E>(ByteView, Walk*)

RELINK_INSTANTIATE(Elf32Le);
RELINK_INSTANTIATE(Elf32Be);
RELINK_INSTANTIATE(Elf64Le);
RELINK_INSTANTIATE(Elf64Be);

}  // namespace relink::elf
