// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/objects/offset_table.h"

#include <cstddef>
#include <utility>
#include <variant>
#include <vector>

#include "relink/arch/target.h"

namespace relink {
namespace {

constexpr uint64_t kWord = sizeof(uint64_t);

void AddFixup(std::vector<Fixup>& fixups, uint64_t offset, SymbolId target,
              const RelocationRule* rule, int64_t addend) {
  Fixup fixup;
  fixup.offset = static_cast<uint32_t>(offset) & 0x3fffffff;
  fixup.origin = FixupOrigin::kMade;
  fixup.target = target;
  fixup.rule = rule;
  fixup.addend = addend;
  fixups.push_back(fixup);
}

}  // namespace

OffsetTable::OffsetTable(LinkedObjects& linked) : linked_(linked) {
  linked.got_id =
      linked.AddSection(".got", SectionKind::kMade, MemoryClass::kRelro);
  linked.section(linked.got_id).alignment = kWord;
}

std::pair<uint64_t, bool> OffsetTable::Word(Use use, uint64_t a, uint64_t b,
                                            uint64_t words) {
  Section& got = linked_.section(linked_.got_id);
  const auto [known, is_new] =
      words_.try_emplace(std::tuple(use, a, b), got.size);
  if (is_new) got.size += words * kWord;
  return {known->second, is_new};
}

uint64_t OffsetTable::AddressOf(SymbolId symbol_id, int64_t addend) {
  const auto [at, is_new] =
      Word(Use::kAddress, symbol_id.index(), static_cast<uint64_t>(addend));
  if (is_new) {
    AddFixup(fixups_, at, symbol_id, Rule(Formula::kSymbol), addend);
  }
  return at;
}

uint64_t OffsetTable::BoundAddress(uint32_t symbol) {
  const auto [at, is_new] = Word(Use::kBound, symbol, 0);
  if (is_new) {
    linked_.relocations.push_back({.section_id = linked_.got_id,
                                   .offset = at,
                                   .rule = Rule(Formula::kAddress),
                                   .symbol = symbol});
  }
  return at;
}

uint64_t OffsetTable::Chosen(const InSection& resolver) {
  // One for each: whoever asks remembers the stub.
  Section& got = linked_.section(linked_.got_id);
  const uint64_t at = got.size;
  got.size += kWord;
  linked_.relocations.push_back(
      {.section_id = linked_.got_id,
       .offset = at,
       .rule = Rule(Formula::kIndirect),
       .addend = static_cast<int64_t>(resolver.offset),
       .addend_section_id = resolver.section_id});
  return at;
}

void OffsetTable::Bind(uint64_t at, Formula formula,
                       const ThreadLocal& variable) {
  linked_.relocations.push_back(
      {.section_id = linked_.got_id,
       .offset = at,
       .rule = Rule(formula, Lookup::kCall),
       .symbol = variable.symbol,
       .addend = static_cast<int64_t>(variable.offset)});
}

uint64_t OffsetTable::ThreadOffset(const ThreadLocal& variable) {
  const auto [at, is_new] =
      Word(Use::kOffset, variable.symbol, variable.offset);
  if (is_new) Bind(at, Formula::kThreadOffset, variable);
  return at;
}

uint64_t OffsetTable::ThreadIndex(const ThreadLocal& variable) {
  const auto [at, is_new] =
      Word(Use::kIndex, variable.symbol, variable.offset, 2);
  if (is_new) {
    Bind(at, Formula::kTlsModule, {.symbol = variable.symbol});
    Bind(at + kWord, Formula::kTlsOffset, variable);
  }
  return at;
}

uint64_t OffsetTable::ThreadDescriptor(const ThreadLocal& variable) {
  const auto [at, is_new] =
      Word(Use::kDescriptor, variable.symbol, variable.offset, 2);
  if (is_new) Bind(at, Formula::kTlsDescriptor, variable);
  return at;
}

uint64_t OffsetTable::AddStub(SectionId stubs, uint64_t slot) {
  const auto code = std::as_bytes(linked_.target->stub);
  Section& section = linked_.section(stubs);
  const uint64_t at = section.size;
  std::vector<std::byte>& bytes = section.contents.Mutable();
  bytes.insert(bytes.end(), code.begin(), code.end());
  section.size += code.size();
  const uint64_t place = at + Target::kStubField;
  // The instruction ends behind its field.
  constexpr auto kWidth = static_cast<int64_t>(Field::k32);
  AddFixup(section.fixups, place, linked_.section(linked_.got_id).symbol_id,
           linked_.target->FindRule(Formula::kPcRelative, Field::k32),
           static_cast<int64_t>(slot) - kWidth);
  return at;
}

void OffsetTable::Finish() {
  linked_.section(linked_.got_id).fixups = std::move(fixups_);
}

}  // namespace relink
