// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/testing/walk_tables.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "relink/elf/definitions.h"
#include "relink/elf/relocations.h"
#include "relink/elf/symbol_table.h"
#include "relink/elf/versions.h"

namespace relink::elf {
namespace {

// Lookups may each take as long as the hash table is; that many keep the work
// linear.
constexpr uint32_t kMaxLookups = 64;

template <class E>
std::vector<Version> ReadVersions(const AddressView<E>& view,
                                  const Dynamic& dynamic, ByteView strings,
                                  Walk* walk) {
  const VersionReader<E> reader(view, dynamic, strings);
  const auto count = reader.Count();
  if (!walk->Ok(count)) return {};
  std::vector<Version> versions(*count);
  if (!walk->Ok(reader.Read(versions))) versions.clear();
  return versions;
}

template <class Record>
void WalkTable(std::span<const Record> table, Walk* walk) {
  for (const Record& record : table) {
    walk->Add(record.r_offset + record.sym() + record.type());
  }
}

}  // namespace

template <class E>
void WalkSymbols(const AddressView<E>& view, const Dynamic& dynamic,
                 Walk* walk) {
  const auto symbols = SymbolTable<E>::Parse(view, dynamic);
  if (!walk->Ok(symbols)) return;
  const std::vector<Version> versions =
      ReadVersions(view, dynamic, symbols->strings(), walk);
  const Definitions<E> definitions{*symbols, versions};
  const uint32_t count = symbols->CountSymbols();
  for (uint32_t i = 0; i < count; ++i) {
    const Sym<E>& symbol = (*symbols)[i];
    walk->Add(symbol.st_value + symbol.st_size + symbol.bind() + symbol.type());
    walk->Add(definitions.VersionAt(symbols->Version(i)).hash);
  }
  for (uint32_t i = 0; i < std::min(count, kMaxLookups); ++i) {
    const SymbolName name(symbols->Name((*symbols)[i]));
    walk->Read(name.text());
    walk->Add(SymbolName(symbols->Name((*symbols)[i])).gnu_hash());
    const Version& version = definitions.VersionAt(symbols->Version(i));
    walk->Add(definitions.Find(name, {}));
    walk->Add(definitions.Find(name, {.newest = true}));
    walk->Add(definitions.Find(name, {.version = &version}));
    walk->Add(symbols->Find(name, [](uint32_t) { return false; }));
  }
}

template <class E>
void WalkVersions(const AddressView<E>& view, const Dynamic& dynamic,
                  Walk* walk) {
  const auto strings = view.Slice(dynamic.strtab.addr, dynamic.strtab.size);
  if (!walk->Ok(strings)) return;
  for (const Version& version : ReadVersions(view, dynamic, *strings, walk)) {
    walk->Read(version.name);
    walk->Read(version.file);
  }
}

template <class E>
void WalkRelocations(const AddressView<E>& view, const Dynamic& dynamic,
                     Walk* walk) {
  const auto tables = RelocationTables<E>::Parse(view, dynamic);
  if (!walk->Ok(tables)) return;
  WalkTable(tables->rela, walk);
  WalkTable(tables->rel, walk);
  WalkTable(tables->jmprel_rela, walk);
  WalkTable(tables->jmprel_rel, walk);
  ForEachRelr<E>(tables->relr, [&](LinkAddr addr) {
    walk->Add(addr.value());
    return true;
  });
}

template <class E>
void WalkDynamic(const AddressView<E>& view, std::span<const Dyn<E>> table,
                 Walk* walk) {
  const auto dynamic = ParseDynamic<E>(table);
  if (!walk->Ok(dynamic)) return;
  const auto strings = view.Slice(dynamic->strtab.addr, dynamic->strtab.size);
  if (walk->Ok(strings)) {
    const auto read = [&](uint64_t offset) {
      if (offset == Dynamic::kNoString) return;
      const auto name = strings->CString(offset);
      if (walk->Ok(name)) walk->Add(name->size());
    };
    ForEachNeeded<E>(table, read);
    read(dynamic->soname);
    read(dynamic->rpath);
    read(dynamic->runpath);
  }
  WalkSymbols(view, *dynamic, walk);
  WalkVersions(view, *dynamic, walk);
  WalkRelocations(view, *dynamic, walk);
}

#define RELINK_INSTANTIATE(E)                                                  \
  template void WalkSymbols(const AddressView<E>&, const Dynamic&, Walk*);     \
  template void WalkVersions(const AddressView<E>&, const Dynamic&, Walk*);    \
  template void WalkRelocations(const AddressView<E>&, const Dynamic&, Walk*); \
  template void WalkDynamic(const AddressView<E>&, std::span<const Dyn<E>>,    \
                            Walk*)

RELINK_INSTANTIATE(Elf32Le);
RELINK_INSTANTIATE(Elf32Be);
RELINK_INSTANTIATE(Elf64Le);
RELINK_INSTANTIATE(Elf64Be);

}  // namespace relink::elf
