// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/analysis/branch_targets.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <variant>
#include <vector>

#include "relink/arch/instruction.h"
#include "relink/arch/relocation_rule.h"
#include "relink/arch/target.h"

namespace relink {
namespace {

// Where the field of a stub's jump is, which lies behind a mark for branches,
// if any: `jmp *SLOT(%rip)`. None if something else is done there.
std::optional<uint64_t> FieldOfJump(const Section& section,
                                    const Target& target, uint64_t offset) {
  const std::span<const std::byte> bytes = section.contents.bytes();
  while (target.decode != nullptr && offset < bytes.size()) {
    Instruction instruction;
    if (!target.decode(bytes.subspan(offset), &instruction)) break;
    if (instruction.flow == Flow::kIndirectJump &&
        instruction.pc_relative_memory) {
      return offset + instruction.field_offset;
    }
    if (instruction.operation != Operation::kNop) break;
    offset += instruction.length;
  }
  return std::nullopt;
}

// What a PC-relative field at the end of its instruction leads to.
InSection PlaceOf(InSection symbol, const Fixup& fixup) {
  symbol.offset += static_cast<uint64_t>(fixup.addend) +
                   static_cast<uint64_t>(fixup.rule->field);
  return symbol;
}

// The first fixup at `offset` or behind it.
auto FirstFrom(const std::vector<Fixup>& fixups, uint64_t offset) {
  return std::ranges::lower_bound(fixups, offset, {}, [](const Fixup& fixup) {
    return uint64_t{fixup.offset};
  });
}

}  // namespace

bool IsBranch(const Fixup& fixup) {
  return fixup.rule->formula == Formula::kPcRelative &&
         fixup.rule->lookup == Lookup::kCall;
}

SymbolId BranchTargets::ExportNamed(absl::string_view name) const {
  if (!exports_.has_value()) FindExports();
  const auto found = exports_->find(name);
  return found == exports_->end() ? SymbolId() : found->second;
}

void BranchTargets::FindExports() const {
  exports_.emplace();
  for (uint32_t i = 0; i < graph_.symbols.size(); ++i) {
    const Symbol& symbol = graph_.symbols[SymbolId(i)];
    if (!symbol.exported ||
        !std::holds_alternative<InSection>(symbol.definition)) {
      continue;
    }
    const auto [entry, added] = exports_->try_emplace(symbol.name, SymbolId(i));
    if (!added && symbol.module_id < graph_.symbols[entry->second].module_id) {
      entry->second = SymbolId(i);
    }
  }
}

std::optional<InSection> BranchTargets::Definition(SymbolId id) const {
  if (!id.has_value()) return std::nullopt;
  const Symbol& symbol = graph_.symbols[id];
  if (const auto* place = std::get_if<InSection>(&symbol.definition)) {
    return *place;
  }
  if (!std::holds_alternative<Undefined>(symbol.definition)) {
    return std::nullopt;
  }
  if (symbol.name.empty()) return std::nullopt;
  const SymbolId found = ExportNamed(symbol.name);
  if (!found.has_value()) return std::nullopt;
  return std::get<InSection>(graph_.symbols[found].definition);
}

std::optional<InSection> BranchTargets::Of(const Fixup& fixup) const {
  const std::optional<InSection> symbol = Definition(fixup.target);
  if (!symbol.has_value()) return std::nullopt;
  const bool own = std::holds_alternative<InSection>(
      graph_.symbols[fixup.target].definition);
  const InSection place = own ? PlaceOf(*symbol, fixup) : *symbol;
  const Fixup* slot = SlotOfStub(place);
  return slot == nullptr ? place : Definition(slot->target);
}

// A stub's jump names its GOT entry, whose relocation names the function.
const Fixup* BranchTargets::SlotOfStub(InSection place) const {
  const Section& section = graph_.sections[place.section_id];
  const std::optional<uint64_t> field = FieldOfJump(
      section, *graph_.modules[section.module_id].target, place.offset);
  if (!field.has_value()) return nullptr;
  const auto jump = FirstFrom(section.fixups, *field);
  if (jump == section.fixups.end() || jump->offset != *field ||
      jump->rule->formula != Formula::kPcRelative ||
      !jump->target.has_value()) {
    return nullptr;
  }
  const auto* got =
      std::get_if<InSection>(&graph_.symbols[jump->target].definition);
  if (got == nullptr) return nullptr;
  const InSection entry = PlaceOf(*got, *jump);
  const std::vector<Fixup>& data = graph_.sections[entry.section_id].fixups;
  const auto bound = FirstFrom(data, entry.offset);
  return bound != data.end() && bound->offset == entry.offset &&
                 bound->rule->formula == Formula::kAddress
             ? &*bound
             : nullptr;
}

}  // namespace relink
