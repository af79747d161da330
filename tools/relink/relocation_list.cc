// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/relocation_list.h"

#include <span>

#include "relink/support/status.h"
#include "tools/relink/symbol_list.h"

namespace relink::tools {
namespace {

using namespace elf;  // NOLINT: this file is about its types only

// Calls `visit(facts, symbol table, symbol index)`, leaving the symbol's name
// to whoever wants it: counting does not.
template <class E, typename Visit>
class Walker {
 public:
  Walker(const ElfParts<E>& parts, Visit visit)
      : parts_(parts), visit_(visit) {}

  void Walk() {
    const RelocationTables<E>& tables = parts_.relocations;
    Entries(tables.rela, {.table = RelocationTable::kRela});
    Entries(tables.rel, {.table = RelocationTable::kRel});
    ForEachRelr<E>(tables.relr, [&](LinkAddr place) {
      visit_(RelocationFacts{.table = RelocationTable::kRelr,
                             .offset = place.value()},
             symbols_, uint32_t{0});
      return true;
    });
    const RelocationFacts jmprel = {.table = RelocationTable::kJmprel};
    Entries(tables.jmprel_rela, jmprel);
    Entries(tables.jmprel_rel, jmprel);
    if (parts_.sections) Sections();
  }

 private:
  void Sections() {
    // Tables may not overlap, so together they are no larger than the file; one
    // that says otherwise must not keep us busy for ever.
    uint64_t left = parts_.file.bytes().size();
    for (const Shdr<E>& section : parts_.sections->sections()) {
      const bool rela = section.sh_type == kShtRela;
      if (!rela && section.sh_type != kShtRel) continue;
      // A loaded one is what the dynamic table names.
      if (parts_.is_dynamic() && (section.sh_flags & kShfAlloc) != 0) continue;
      if (section.sh_size > left) return;
      left -= section.sh_size;
      symbols_ = LinksToDynamicSymbols(section) ? SymbolTableKind::kDynamic
                                                : SymbolTableKind::kFull;
      const RelocationFacts facts = {
          .table = RelocationTable::kSections,
          .section = View(parts_.sections->Name(section))};
      const ByteView bytes = parts_.sections->Contents(section);
      if (rela) {
        Records<Rela<E>>(bytes, facts);
      } else {
        Records<Rel<E>>(bytes, facts);
      }
    }
  }

  bool LinksToDynamicSymbols(const Shdr<E>& section) const {
    const auto all = parts_.sections->sections();
    return section.sh_link < all.size() &&
           all[section.sh_link].sh_type == kShtDynsym;
  }

  template <typename Entry>
  void Records(ByteView bytes, RelocationFacts facts) {
    auto entries = bytes.Records<Entry>(0, bytes.size() / sizeof(Entry));
    if (entries.ok()) Entries(*entries, facts);
  }

  template <typename Entry>
  void Entries(std::span<const Entry> entries, RelocationFacts facts) {
    for (const Entry& entry : entries) {
      facts.offset = entry.r_offset;
      facts.type = entry.type();
      if constexpr (requires { entry.r_addend; }) {
        facts.has_addend = true;
        facts.addend = entry.r_addend;
      }
      visit_(facts, symbols_, entry.sym());
    }
  }

  const ElfParts<E>& parts_;
  Visit visit_;
  SymbolTableKind symbols_ = SymbolTableKind::kDynamic;
};

template <class E>
void ListAll(const ElfParts<E>& parts,
             absl::FunctionRef<void(const RelocationFacts&)> visit) {
  const auto list = [&](RelocationFacts facts, SymbolTableKind table,
                        uint32_t symbol) {
    facts.symbol = SymbolNameAt(parts, table, symbol);
    visit(facts);
  };
  Walker<E, decltype(list)>(parts, list).Walk();
}

}  // namespace

absl::string_view RelocationTableName(RelocationTable table) {
  switch (table) {
    case RelocationTable::kRela:
      return "RELA";
    case RelocationTable::kRel:
      return "REL";
    case RelocationTable::kRelr:
      return "RELR";
    case RelocationTable::kJmprel:
      return "JMPREL";
    case RelocationTable::kSections:
      return "sections";
  }
  return "";
}

uint64_t RelocationCounts::Total() const {
  uint64_t total = 0;
  for (const Table& table : tables) total += table.total;
  return total;
}

uint64_t RelocationCounts::CountRole(const Platform& platform,
                                     RelocationRole role) const {
  uint64_t count = 0;
  if (role == RelocationRole::kRelative) {
    count += (*this)[RelocationTable::kRelr].total;
  }
  for (const Table& table : tables) {
    if (&table == &(*this)[RelocationTable::kSections]) continue;
    for (const auto& [type, times] : table.by_type) {
      if (RoleOf(platform, type) == role) count += times;
    }
  }
  return count;
}

template <class E>
RelocationCounts CountRelocations(const ElfParts<E>& parts) {
  RelocationCounts counts;
  const auto count = [&](const RelocationFacts& facts, SymbolTableKind,
                         uint32_t) {
    auto& table = counts.tables[static_cast<size_t>(facts.table)];
    ++table.total;
    if (facts.table == RelocationTable::kRelr) return;
    auto found = table.by_type.find(facts.type);
    if (found != table.by_type.end()) {
      ++found->second;
    } else if (table.by_type.size() < RelocationCounts::kMaxTypes) {
      table.by_type.emplace(facts.type, 1);
    }
  };
  Walker<E, decltype(count)>(parts, count).Walk();
  return counts;
}

Result<void> ListRelocations(
    ByteView file, absl::FunctionRef<void(const RelocationFacts&)> visit) {
  auto listed = WithElfParts(file, [&](const auto& parts) {
    ListAll(parts, visit);
    return true;
  });
  if (!listed.ok()) return listed.error();
  return {};
}

template RelocationCounts CountRelocations(const ElfParts<Elf32Le>&);
template RelocationCounts CountRelocations(const ElfParts<Elf32Be>&);
template RelocationCounts CountRelocations(const ElfParts<Elf64Le>&);
template RelocationCounts CountRelocations(const ElfParts<Elf64Be>&);

}  // namespace relink::tools
