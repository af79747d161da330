// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/placed/relax.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "passes/placed/bound_slots.h"
#include "relink/arch/instruction.h"

namespace relink {
namespace {

constexpr int64_t kFieldSize = 4;
constexpr std::byte kLoadOpcode{0x8b};
constexpr std::byte kLeaOpcode{0x8d};

// `mov slot(%rip), %reg` of a whole word: the same opcode length as lea.
bool LoadsWord(const Instruction& instruction,
               std::span<const std::byte> bytes) {
  return instruction.operation == Operation::kLoad &&
         instruction.pc_relative_memory &&
         instruction.operand_size == sizeof(uint64_t) &&
         instruction.field_size == kFieldSize &&
         instruction.field_offset + kFieldSize == instruction.length &&
         bytes[instruction.opcode_offset] == kLoadOpcode;
}

}  // namespace

absl::StatusOr<PreservedAnalyses> Relax::Run(
    PlacedGraph& placed, AnalysisManager<PlacedGraph>& analyses) const {
  const BoundSlots slots(placed);
  uint64_t count = 0;
  for (SectionId id : placed.graph().order) {
    if (placed.section(id).memory_class != MemoryClass::kCode ||
        !placed.layout().IsPlaced(id)) {
      continue;
    }
    VisitReferences(
        placed, id,
        [&](const Instruction& instruction, std::span<std::byte> bytes,
            Fixup& fixup) {
          if (!LoadsWord(instruction, bytes)) return;
          const std::optional<RuntimeAddr> target =
              slots.Read(fixup, kFieldSize);
          if (!target.has_value() || !Reaches(placed, id, fixup, *target)) {
            return;
          }
          bytes[instruction.opcode_offset] = kLeaOpcode;
          Symbol symbol;
          symbol.module_id = placed.section(id).module_id;
          symbol.definition = External{*target};
          fixup.target = placed.AddSymbol(symbol);
          fixup.addend = -kFieldSize;
          ++count;
        });
  }
  analyses.counters().Add(kName, "loads made lea", count);
  return PreservedAnalyses::None();
}

}  // namespace relink
