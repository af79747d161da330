// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/placed/plt_bypass.h"

#include <cstddef>
#include <optional>
#include <span>

#include "passes/placed/bound_slots.h"
#include "relink/arch/instruction.h"

namespace relink {
namespace {

constexpr int64_t kFieldSize = 4;

// The rewriting of one image.
class Bypass {
 public:
  explicit Bypass(PlacedGraph& placed) : placed_(placed), slots_(placed) {}

  void Run(SectionId id) {
    VisitReferences(
        placed_, id,
        [&](const Instruction& instruction, std::span<std::byte> bytes,
            Fixup& fixup) { Visit(id, instruction, bytes, fixup); });
  }
  uint64_t count() const { return count_; }

 private:
  void Visit(SectionId id, const Instruction& instruction,
             std::span<std::byte> bytes, Fixup& fixup) {
    if (fixup.rule->field != Field::k32) return;
    // The field is the last part of each of these instructions.
    std::optional<RuntimeAddr> target;
    const bool indirect = instruction.flow == Flow::kIndirectCall ||
                          instruction.flow == Flow::kIndirectJump;
    if (indirect) {
      if (!instruction.pc_relative_memory) return;
      target = slots_.Read(fixup, kFieldSize);
    } else if (instruction.flow == Flow::kCall ||
               instruction.flow == Flow::kJump ||
               instruction.flow == Flow::kConditional) {
      target = slots_.ReadThroughStub(fixup, kFieldSize);
    }
    if (!target.has_value() || !Reaches(placed_, id, fixup, *target)) return;
    if (indirect && !MakeDirect(instruction, bytes)) return;
    Symbol symbol;
    symbol.module_id = placed_.section(id).module_id;
    symbol.definition = External{*target};
    fixup.target = placed_.AddSymbol(symbol);
    fixup.addend = -kFieldSize;
    ++count_;
  }

  // `call *slot(%rip)` becomes `addr32 call`, `jmp *slot(%rip)` the same with
  // jmp, so that length and field stay (psABI, "Optimize GOTPCRELX
  // Relocations").
  static bool MakeDirect(const Instruction& instruction,
                         std::span<std::byte> bytes) {
    constexpr std::byte kAddr32{0x67};
    constexpr std::byte kCall{0xe8};
    constexpr std::byte kJump{0xe9};
    if (instruction.opcode_offset != 0 || instruction.field_offset != 2 ||
        instruction.length != 2 + kFieldSize) {
      return false;
    }
    bytes[0] = kAddr32;
    bytes[1] = instruction.flow == Flow::kIndirectCall ? kCall : kJump;
    return true;
  }

  PlacedGraph& placed_;
  const BoundSlots slots_;
  uint64_t count_ = 0;
};

}  // namespace

absl::StatusOr<PreservedAnalyses> PltBypass::Run(
    PlacedGraph& placed, AnalysisManager<PlacedGraph>& analyses) const {
  Bypass bypass(placed);
  for (SectionId id : placed.graph().order) {
    if (placed.section(id).memory_class == MemoryClass::kCode &&
        placed.layout().IsPlaced(id)) {
      bypass.Run(id);
    }
  }
  analyses.counters().Add(kName, "calls made direct", bypass.count());
  return PreservedAnalyses::None();
}

}  // namespace relink
