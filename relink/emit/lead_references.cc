// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/emit/lead_references.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <span>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "relink/arch/relocation_rule.h"
#include "relink/elf/address_view.h"
#include "relink/elf/constants.h"
#include "relink/elf/records.h"
#include "relink/elf/relocations.h"
#include "relink/elf/symbol_table.h"
#include "relink/emit/moved_symbol.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

using Elf = elf::Elf64Le;
using Rela = elf::Rela<Elf>;
using Sym = elf::Sym<Elf>;
using Dyn = elf::Dyn<Elf>;

// The tables of a module in its image. They stay where they are while their
// entries change.
struct Tables {
  elf::RelocationTables<Elf> relocations;
  elf::SymbolTable<Elf> symbols;
};

absl::StatusOr<Tables> ReadTables(const PlacedGraph& placed, ModuleId id) {
  const Module& module = placed.module(id);
  const auto view = placed.View<Elf>(id);
  const auto relocations =
      elf::RelocationTables<Elf>::Parse(view, module.dynamic);
  if (!relocations.ok()) return ToStatus(relocations.error(), module.name());
  const auto symbols = elf::SymbolTable<Elf>::Parse(view, module.dynamic);
  if (!symbols.ok()) return ToStatus(symbols.error(), module.name());
  if (!relocations->rel.empty() || !relocations->jmprel_rel.empty()) {
    return absl::UnimplementedError(
        absl::StrCat(module.name(), ": has relocations without addends"));
  }
  return Tables{*relocations, *symbols};
}

class ReferenceLeader {
 public:
  ReferenceLeader(PlacedGraph& placed, ModuleId id, const HeaderRoom& room,
                  const Tables& tables)
      : placed_(placed),
        room_(room),
        id_(id),
        module_(placed.module(id)),
        addresses_(placed.placed(id).addresses()),
        tables_(tables) {}

  absl::Status Lead() {
    const elf::Dynamic& dynamic = module_.dynamic;
    RETURN_IF_ERROR(LeadWords());
    RETURN_IF_ERROR(LeadAddends(tables_.relocations.rela, dynamic.rela.addr));
    RETURN_IF_ERROR(
        LeadAddends(tables_.relocations.jmprel_rela, dynamic.jmprel.addr));
    // Addends are computed with the old values.
    RETURN_IF_ERROR(LeadSymbols());
    RETURN_IF_ERROR(LeadDynamicTable());
    return CopyDisplaced();
  }

 private:
  LinkAddr Led(LinkAddr addr) const {
    if (room_.displaced.Contains(addr)) return room_.At(placed_, addr);
    return LinkAddr(addresses_.At(addr).value());
  }

  absl::Status Store(LinkAddr place, LinkAddr value) {
    const uint64_t word = value.value();
    ASSIGN_OR_RETURN(const std::span<std::byte> bytes,
                     placed_.WritableBytes(id_, {place, sizeof(word)}));
    std::memcpy(bytes.data(), &word, sizeof(word));
    return absl::OkStatus();
  }

  absl::StatusOr<LinkAddr> Load(LinkAddr place) {
    uint64_t word = 0;
    ASSIGN_OR_RETURN(const std::span<std::byte> bytes,
                     placed_.WritableBytes(id_, {place, sizeof(word)}));
    std::memcpy(&word, bytes.data(), sizeof(word));
    return LinkAddr(word);
  }

  absl::Status CheckPlace(LinkAddr place) const {
    if (addresses_.Find(place) == nullptr) return absl::OkStatus();
    return absl::FailedPreconditionError(
        absl::StrCat(module_.name(), ": code that moved has a relocation at 0x",
                     absl::Hex(place.value())));
  }

  absl::Status LeadWords() {
    absl::Status status;
    elf::ForEachRelr<Elf>(tables_.relocations.relr, [&](LinkAddr place) {
      status = LeadWord(place);
      return status.ok();
    });
    return status;
  }

  absl::Status LeadWord(LinkAddr place) {
    RETURN_IF_ERROR(CheckPlace(place));
    ASSIGN_OR_RETURN(const LinkAddr old, Load(place));
    return Led(old) == old ? absl::OkStatus() : Store(place, Led(old));
  }

  absl::Status LeadAddends(std::span<const Rela> table, LinkAddr begin) {
    for (size_t i = 0; i < table.size(); ++i) {
      const Rela& entry = table[i];
      const RelocationRule& rule = module_.target->Rule(entry.type());
      const LinkAddr place(uint64_t{entry.r_offset});
      if (rule.formula == Formula::kNone) continue;
      RETURN_IF_ERROR(CheckPlace(place));
      const LinkAddr old(static_cast<uint64_t>(int64_t{entry.r_addend}));
      const LinkAddr led = LedAddend(rule.formula, entry, old);
      if (led == old) continue;
      RETURN_IF_ERROR(
          Store(begin + i * sizeof(Rela) + sizeof(elf::Rel<Elf>), led));
      // Some linkers store the addend in the place, too.
      if (entry.sym() != 0 || rule.field != Field::k64) continue;
      ASSIGN_OR_RETURN(const LinkAddr word, Load(place));
      if (word == old) RETURN_IF_ERROR(Store(place, led));
    }
    return absl::OkStatus();
  }

  LinkAddr LedAddend(Formula formula, const Rela& entry,
                     LinkAddr addend) const {
    if (formula == Formula::kRelative || formula == Formula::kIndirect) {
      return Led(addend);
    }
    if (formula != Formula::kSymbol || entry.sym() == 0 ||
        entry.sym() >= tables_.symbols.limit()) {
      return addend;
    }
    // Others may define a symbol that is not local; one of a section stays.
    const Sym& symbol = tables_.symbols[entry.sym()];
    if (symbol.bind() != elf::kStbLocal || symbol.undefined() ||
        symbol.type() == elf::kSttTls) {
      return addend;
    }
    const LinkAddr value(uint64_t{symbol.st_value});
    const LinkAddr led_value = GoesWithCode(symbol) ? Led(value) : value;
    return LinkAddr(
        static_cast<uint64_t>(Led(value + addend.value()) - led_value));
  }

  // As many as are looked up or named by a relocation: what follows them may
  // be something else.
  uint32_t CountSymbols() const {
    const elf::SymbolTable<Elf>& symbols = tables_.symbols;
    uint32_t count = symbols.has_gnu_hash() ? symbols.gnu_hash().CountSymbols()
                     : symbols.has_sysv_hash() ? symbols.CountSymbols()
                                               : 0;
    for (const auto& table :
         {tables_.relocations.rela, tables_.relocations.jmprel_rela}) {
      for (const Rela& entry : table) count = std::max(count, entry.sym() + 1);
    }
    return std::min(count, symbols.limit());
  }

  absl::Status LeadSymbols() {
    const uint32_t count = CountSymbols();
    for (uint32_t i = 1; i < count; ++i) {
      const Sym& symbol = tables_.symbols[i];
      const LinkAddr old(uint64_t{symbol.st_value});
      if (!GoesWithCode(symbol) || Led(old) == old) continue;
      RETURN_IF_ERROR(Store(module_.dynamic.symtab + i * sizeof(Sym) +
                                offsetof(elf::Sym64<Elf>, st_value),
                            Led(old)));
    }
    return absl::OkStatus();
  }

  absl::Status LeadDynamicTable() {
    const LinkRange range = module_.dynamic_table;
    const auto table = placed_.View<Elf>(id_).Records<Dyn>(
        range.begin, range.size / sizeof(Dyn));
    if (!table.ok()) return ToStatus(table.error(), "dynamic table");
    for (size_t i = 0; i < table->size(); ++i) {
      const Dyn& entry = (*table)[i];
      if (entry.d_tag == elf::kDtNull) break;
      if (!HoldsAddress(entry.d_tag)) continue;
      RETURN_IF_ERROR(
          Store(range.begin + i * sizeof(Dyn) + offsetof(Dyn, d_val),
                Led(LinkAddr(uint64_t{entry.d_val}))));
    }
    return absl::OkStatus();
  }

  // What may have moved: functions, and tables that gave way.
  static bool HoldsAddress(int64_t tag) {
    constexpr int64_t kTags[] = {
        elf::kDtInit,   elf::kDtFini,    elf::kDtHash,   elf::kDtGnuHash,
        elf::kDtStrtab, elf::kDtSymtab,  elf::kDtVersym, elf::kDtVerdef,
        elf::kDtRela,   elf::kDtVerneed, elf::kDtJmprel, elf::kDtRelr};
    return std::ranges::find(kTags, tag) != std::end(kTags);
  }

  // As it is now.
  absl::Status CopyDisplaced() {
    if (room_.displaced.size == 0) return absl::OkStatus();
    ASSIGN_OR_RETURN(const std::span<std::byte> bytes,
                     placed_.WritableBytes(id_, room_.displaced));
    std::ranges::copy(
        bytes,
        placed_.Bytes(room_.displaced_id).subspan(room_.padding).begin());
    return absl::OkStatus();
  }

  PlacedGraph& placed_;
  const HeaderRoom& room_;
  ModuleId id_;
  const Module& module_;
  AddressMap addresses_;
  const Tables& tables_;
};

}  // namespace

absl::Status LeadReferences(PlacedGraph& placed, ModuleId id,
                            const HeaderRoom& room) {
  ASSIGN_OR_RETURN(const Tables tables, ReadTables(placed, id));
  return ReferenceLeader(placed, id, room, tables).Lead();
}

absl::Status MarkUnbound(PlacedGraph& placed, ModuleId id) {
  ASSIGN_OR_RETURN(const Tables tables, ReadTables(placed, id));
  const auto mark = [&](LinkAddr place) {
    const auto bytes = placed.WritableBytes(id, {place, sizeof(uint64_t)});
    if (bytes.ok()) placed.MarkPending(bytes->data());
    return true;
  };
  elf::ForEachRelr<Elf>(tables.relocations.relr, mark);
  for (const auto& table :
       {tables.relocations.rela, tables.relocations.jmprel_rela}) {
    for (const Rela& entry : table) mark(LinkAddr(uint64_t{entry.r_offset}));
  }
  return absl::OkStatus();
}

}  // namespace relink
