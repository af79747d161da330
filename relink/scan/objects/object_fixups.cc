// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/objects/object_fixups.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "relink/arch/object_relocation.h"
#include "relink/arch/target.h"
#include "relink/elf/constants.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

constexpr uint64_t kMaxOffset = uint64_t{1} << 30;

// "R_X86_64_PC32 against foo".
std::string Described(const ObjectFile& object,
                      const elf::Rela<elf::Elf64Le>& relocation) {
  const ObjectRelocation* kind =
      object.target->FindObjectRelocation(relocation.type());
  std::string text = kind != nullptr ? std::string(kind->name)
                                     : absl::StrCat("type ", relocation.type());
  absl::string_view name = object.NameOf(relocation.sym());
  if (name.empty()) {
    name = object.sections[object.symbol_sections[relocation.sym()]].name;
  }
  if (!name.empty()) absl::StrAppend(&text, " against ", name);
  return text;
}

bool OfThread(Asks asks) {
  switch (asks) {
    case Asks::kBlockOffset:
    case Asks::kThreadSlot:
    case Asks::kThreadIndex:
    case Asks::kThreadDescriptor:
      return true;
    case Asks::kNothing:
    case Asks::kSymbol:
    case Asks::kSlot:
    case Asks::kSlotOffset:
    case Asks::kGot:
    case Asks::kSize:
    case Asks::kModuleIndex:
      return false;
  }
  return false;
}

}  // namespace

ObjectFixups::ObjectFixups(LinkedObjects& linked)
    : linked_(linked),
      table_(linked),
      used_(linked.symbols->symbols().size()) {}

absl::Status ObjectFixups::AddAll() {
  const auto& objects = linked_.symbols->objects();
  for (uint32_t i = 0; i < objects.size(); ++i) {
    for (uint32_t j = 1; j < objects[i].sections.size(); ++j) {
      if (!linked_.places[i][j].section_id.has_value()) continue;
      RETURN_IF_ERROR(AddSection(i, j));
    }
  }
  return absl::OkStatus();
}

absl::Status ObjectFixups::AddSection(uint32_t object, uint32_t section) {
  const ObjectFile& file = linked_.symbols->objects()[object];
  const ObjectSection& from = file.sections[section];
  const InputPlace& place = linked_.places[object][section];
  std::vector<Fixup> fixups;
  fixups.reserve(from.relocations.size());
  for (size_t i = 0; i < from.relocations.size(); ++i) {
    const auto& relocation = from.relocations[i];
    uint64_t offset = relocation.r_offset;
    absl::Status status;
    if (offset >= from.contents.size()) {
      status = absl::OutOfRangeError("place is outside of the section");
    } else if (place.reversed) {
      constexpr uint64_t kWord = sizeof(uint64_t);
      offset = from.size - kWord - AlignDown(offset, kWord);
    }
    if (status.ok()) {
      Made made = MakeFixup(object, relocation, place.section_id,
                            place.offset + offset);
      if (made.ok() && made->has_value()) fixups.push_back(**made);
      status = made.status();
    }
    if (!status.ok()) {
      return Annotate(status, absl::StrCat(file.name, ": ", from.name, "[", i,
                                           "]: ", Described(file, relocation)));
    }
  }
  std::vector<Fixup>& all = linked_.section(place.section_id).fixups;
  if (all.empty()) {
    all = std::move(fixups);
  } else {
    all.insert(all.end(), fixups.begin(), fixups.end());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<Fixup>> ObjectFixups::MakeFixup(
    uint32_t object, const elf::Rela<elf::Elf64Le>& relocation,
    SectionId section_id, uint64_t offset) {
  const ObjectRelocation* kind =
      linked_.target->FindObjectRelocation(relocation.type());
  if (kind == nullptr) return absl::UnimplementedError("is not known");
  if (kind->asks == Asks::kNothing) return std::nullopt;
  Fixup fixup;
  fixup.offset = static_cast<uint32_t>(offset) & (kMaxOffset - 1);
  fixup.origin = FixupOrigin::kRetained;
  fixup.rule = &linked_.target->Rule(kind->rule);
  const uint64_t width = static_cast<uint64_t>(fixup.rule->field);
  const uint64_t size = linked_.section(section_id).contents.size();
  if (offset >= kMaxOffset || size < width || offset > size - width) {
    return absl::OutOfRangeError("place is outside of the section");
  }
  const int64_t addend = relocation.r_addend;
  const auto in_table = [&](uint64_t word) -> Made {
    fixup.target = linked_.section(linked_.got_id).symbol_id;
    fixup.addend = static_cast<int64_t>(word) + addend;
    return fixup;
  };
  if (kind->asks == Asks::kGot) return in_table(0);
  if (kind->asks == Asks::kModuleIndex) return in_table(table_.ModuleIndex());

  ASSIGN_OR_RETURN(Reference reference, Resolve(object, relocation));
  const bool asks_thread =
      OfThread(kind->asks) || fixup.rule->formula == Formula::kThreadOffset;
  if (reference.defined && reference.of_thread != asks_thread) {
    return absl::InvalidArgumentError(asks_thread
                                          ? "is no thread-local variable"
                                          : "is a thread-local variable");
  }
  switch (kind->asks) {
    case Asks::kSymbol:
      fixup.target = reference.symbol_id;
      fixup.addend = reference.addend + addend;
      return ReferTo(reference, fixup, section_id);
    case Asks::kSlot:
    case Asks::kSlotOffset: {
      const uint64_t word = SlotOf(reference);
      if (kind->asks == Asks::kSlot) return in_table(word);
      RETURN_IF_ERROR(
          Store(section_id, fixup, word + static_cast<uint64_t>(addend)));
      return std::nullopt;
    }
    case Asks::kSize:
      if (!reference.defined) {
        return absl::UnimplementedError("its size is not known");
      }
      RETURN_IF_ERROR(Store(section_id, fixup,
                            reference.size + static_cast<uint64_t>(addend)));
      return std::nullopt;
    case Asks::kBlockOffset:
    case Asks::kThreadSlot:
    case Asks::kThreadIndex:
    case Asks::kThreadDescriptor: {
      ASSIGN_OR_RETURN(const uint64_t word, ThreadWord(kind->asks, reference));
      if (kind->asks != Asks::kBlockOffset) return in_table(word);
      RETURN_IF_ERROR(
          Store(section_id, fixup, word + static_cast<uint64_t>(addend)));
      return std::nullopt;
    }
    case Asks::kNothing:
    case Asks::kGot:
    case Asks::kModuleIndex:
      break;
  }
  return std::nullopt;
}

absl::StatusOr<uint64_t> ObjectFixups::SlotOf(uint32_t symbol) {
  ASSIGN_OR_RETURN(const Reference reference, ResolveGlobal(symbol));
  return SlotOf(reference);
}

uint64_t ObjectFixups::SlotOf(const Reference& reference) {
  if (reference.by_name == GroupSymbol::kNone) {
    return table_.AddressOf(reference.symbol_id, reference.addend);
  }
  Use(reference.by_name);
  return table_.BoundAddress(reference.by_name);
}

absl::StatusOr<std::optional<Fixup>> ObjectFixups::ReferTo(
    const Reference& reference, Fixup fixup, SectionId section_id) {
  if (fixup.rule->formula == Formula::kThreadOffset && !reference.defined) {
    return absl::UnimplementedError(
        "is a variable of another module, for which this code knows no way "
        "but in a program: it must be compiled with -fPIC");
  }
  if (reference.by_name == GroupSymbol::kNone) return fixup;
  Use(reference.by_name);
  Section& section = linked_.section(section_id);
  const bool is_word = fixup.rule->formula == Formula::kSymbol &&
                       fixup.rule->field == Field::k64;
  if (!is_word || section.memory_class == MemoryClass::kCode ||
      section.kind == SectionKind::kUnwind) {
    return fixup;
  }
  // A pointer that is the same for all modules, an ifunc's too.
  if (section.memory_class == MemoryClass::kReadOnly) {
    section.memory_class = MemoryClass::kRelro;
  }
  linked_.relocations.push_back({.section_id = section_id,
                                 .offset = fixup.offset,
                                 .rule = fixup.rule,
                                 .symbol = reference.by_name,
                                 .addend = fixup.addend});
  return std::nullopt;
}

absl::StatusOr<uint64_t> ObjectFixups::ThreadWord(Asks asks,
                                                  const Reference& reference) {
  OffsetTable::ThreadLocal variable = {.symbol = reference.by_name};
  if (reference.by_name == GroupSymbol::kNone) {
    const auto& place = std::get<InSection>(
        linked_.graph->symbols[reference.symbol_id].definition);
    variable.offset =
        linked_.BlockOffset(place) + static_cast<uint64_t>(reference.addend);
  } else if (!used_[reference.by_name]) {
    used_[reference.by_name] = true;
    linked_.undefined_tls.push_back(reference.by_name);
  }
  switch (asks) {
    case Asks::kThreadSlot:
      return table_.ThreadOffset(variable);
    case Asks::kThreadIndex:
      return table_.ThreadIndex(variable);
    case Asks::kThreadDescriptor:
      return table_.ThreadDescriptor(variable);
    default:
      break;
  }
  if (!reference.defined) {
    return absl::InvalidArgumentError("is a variable of another module");
  }
  return variable.offset;
}

absl::Status ObjectFixups::Store(SectionId section_id, const Fixup& fixup,
                                 uint64_t value) {
  if (!Fits(value, fixup.rule->field, fixup.rule->fit)) {
    return absl::OutOfRangeError(absl::StrCat(
        "value does not fit in its field (0x", absl::Hex(value), ")"));
  }
  std::vector<std::byte>& bytes =
      linked_.section(section_id).contents.Mutable();
  // Files of this architecture, and the machine, are little-endian.
  std::memcpy(bytes.data() + fixup.offset, &value,
              static_cast<size_t>(fixup.rule->field));
  return absl::OkStatus();
}

absl::StatusOr<ObjectFixups::Reference> ObjectFixups::Resolve(
    uint32_t object, const Relocation& relocation) {
  const ObjectFile& file = linked_.symbols->objects()[object];
  const uint32_t symbol = relocation.sym();
  return symbol < file.first_global || symbol == 0
             ? ResolveLocal(object, symbol, relocation.r_addend)
             : ResolveGlobal(linked_.symbols->IdOf(object, symbol));
}

absl::StatusOr<ObjectFixups::Reference> ObjectFixups::ResolveLocal(
    uint32_t object, uint32_t symbol, int64_t relocation_addend) {
  const ObjectFile& file = linked_.symbols->objects()[object];
  const auto& entry = file.symbols[symbol];
  const auto value = static_cast<int64_t>(uint64_t{entry.st_value});
  const uint32_t number = file.symbol_sections[symbol];
  if (number == 0) {
    return Reference{.symbol_id = AbsoluteZero(),
                     .addend = symbol == 0 ? 0 : value,
                     .size = entry.st_size};
  }
  const InputPlace& place = linked_.places[object][number];
  if (!place.section_id.has_value()) {
    return absl::InvalidArgumentError(
        linked_.symbols->IsDiscarded(object, number)
            ? "is in a section that another one stands for"
            : "is in a section that is not loaded");
  }
  const Section& section = linked_.section(place.section_id);
  uint64_t offset = linked_.OffsetOf(place, entry.st_value);
  if (place.merged != InputPlace::kWhole && entry.type() == elf::kSttSection) {
    const auto wanted = static_cast<uint64_t>(value + relocation_addend);
    if (wanted > file.sections[number].size) {
      return absl::InvalidArgumentError("is outside of its strings");
    }
    offset = linked_.OffsetOf(place, wanted) -
             static_cast<uint64_t>(relocation_addend);
  }
  if (entry.type() == elf::kSttGnuIfunc) {
    return Reference{.symbol_id = StubFor({place.section_id, offset}),
                     .size = entry.st_size};
  }
  return Reference{.symbol_id = section.symbol_id,
                   .addend = static_cast<int64_t>(offset),
                   .of_thread = section.memory_class == MemoryClass::kTls,
                   .size = entry.st_size};
}

absl::StatusOr<ObjectFixups::Reference> ObjectFixups::ResolveGlobal(
    uint32_t id) {
  const GroupSymbol& symbol = linked_.symbols->symbols()[id];
  SymbolId& symbol_id = linked_.symbol_ids[id];
  if (!symbol_id.has_value()) {
    if (symbol.defined()) {
      return absl::InvalidArgumentError("is in a section that is not loaded");
    }
    ASSIGN_OR_RETURN(symbol_id, AddUndefined(id));
  }
  const Symbol& known = linked_.graph->symbols[symbol_id];
  Reference reference = {.symbol_id = symbol_id, .size = known.size};
  if (std::holds_alternative<Undefined>(known.definition)) {
    reference.by_name = id;
    reference.defined = false;
    return reference;
  }
  if (known.bind == elf::kStbGnuUnique) reference.by_name = id;
  const auto* place = std::get_if<InSection>(&known.definition);
  if (place == nullptr) return reference;
  reference.of_thread =
      linked_.section(place->section_id).memory_class == MemoryClass::kTls;
  if (known.type == elf::kSttGnuIfunc) reference.symbol_id = StubFor(*place);
  return reference;
}

absl::StatusOr<SymbolId> ObjectFixups::AddUndefined(uint32_t id) {
  const GroupSymbol& from = linked_.symbols->symbols()[id];
  if (from.visibility == elf::kStvHidden ||
      from.visibility == elf::kStvInternal) {
    if (!from.wanted) return AbsoluteZero();
    return absl::NotFoundError("is hidden, and no object defines it");
  }
  Symbol symbol;
  symbol.name = from.name;
  symbol.module_id = linked_.module_id;
  symbol.type = from.type;
  symbol.bind = from.wanted ? elf::kStbGlobal : elf::kStbWeak;
  symbol.visibility = from.visibility;
  return linked_.graph->symbols.Add(symbol);
}

SymbolId ObjectFixups::AbsoluteZero() {
  if (!absolute_zero_.has_value()) {
    Symbol symbol;
    symbol.module_id = linked_.module_id;
    symbol.definition = External{RuntimeAddr(0)};
    absolute_zero_ = linked_.graph->symbols.Add(symbol);
  }
  return absolute_zero_;
}

SymbolId ObjectFixups::StubFor(const InSection& resolver) {
  const uint64_t key =
      uint64_t{resolver.section_id.index()} << 32 | resolver.offset;
  const auto [known, is_new] = ifunc_stubs_.try_emplace(key);
  if (!is_new) return known->second;
  if (!ifunc_stubs_id_.has_value()) {
    ifunc_stubs_id_ =
        linked_.AddSection(".iplt", SectionKind::kMade, MemoryClass::kCode);
    linked_.section(ifunc_stubs_id_).alignment = linked_.target->stub.size();
  }
  Symbol symbol;
  symbol.module_id = linked_.module_id;
  symbol.type = elf::kSttFunc;
  symbol.definition =
      InSection{ifunc_stubs_id_,
                table_.AddStub(ifunc_stubs_id_, table_.Chosen(resolver))};
  known->second = linked_.graph->symbols.Add(symbol);
  return known->second;
}

void ObjectFixups::Use(uint32_t id) {
  if (used_[id]) return;
  used_[id] = true;
  const Symbol& symbol = linked_.graph->symbols[linked_.symbol_ids[id]];
  if (std::holds_alternative<Undefined>(symbol.definition)) {
    linked_.undefined.push_back(id);
  }
}

absl::Status ObjectFixups::SortFixups() {
  for (Section& section : linked_.graph->sections) {
    std::vector<Fixup>& fixups = section.fixups;
    const auto offset = [](const Fixup& fixup) {
      return uint32_t{fixup.offset};
    };
    if (!std::ranges::is_sorted(fixups, {}, offset)) {
      std::ranges::stable_sort(fixups, {}, offset);
    }
    for (size_t i = 1; i < fixups.size(); ++i) {
      if (fixups[i - 1].offset +
              static_cast<uint32_t>(fixups[i - 1].rule->field) >
          fixups[i].offset) {
        return absl::InvalidArgumentError(
            absl::StrCat(section.name, "+0x", absl::Hex(offset(fixups[i])),
                         ": two relocations are at one place"));
      }
    }
  }
  return absl::OkStatus();
}

absl::Status ObjectFixups::Finish() {
  RETURN_IF_ERROR(SortFixups());
  if (!linked_.undefined.empty()) {
    const SectionId stubs_id =
        linked_.AddSection(".plt", SectionKind::kStubs, MemoryClass::kCode);
    linked_.section(stubs_id).alignment = linked_.target->stub.size();
    for (const uint32_t id : linked_.undefined) {
      table_.AddStub(stubs_id, table_.BoundAddress(id));
    }
  }
  table_.Finish();
  return absl::OkStatus();
}

}  // namespace relink
