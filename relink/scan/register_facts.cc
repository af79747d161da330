// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/register_facts.h"

#include <algorithm>
#include <limits>

namespace relink {
namespace {

// Instruction::condition: above, and above or equal, of unsigned numbers.
constexpr uint8_t kAbove = 0x7;
constexpr uint8_t kAboveOrEqual = 0x3;

uint64_t MaxOfWidth(uint8_t width) {
  return width >= 8 ? std::numeric_limits<uint64_t>::max()
                    : (uint64_t{1} << (8 * width)) - 1;
}

// Neither writes memory nor flags, nor does it call anything.
bool OnlyMovesData(const Instruction& instruction) {
  switch (instruction.operation) {
    case Operation::kLea:
    case Operation::kLoad:
    case Operation::kLoadSignExtended:
    case Operation::kLoadZeroExtended:
    case Operation::kMove:
    case Operation::kMoveImmediate:
    case Operation::kNop:
      return instruction.flow == Flow::kNext;
    default:
      return false;
  }
}

// Writes no memory, though perhaps flags.
bool LeavesMemory(const Instruction& instruction) {
  if (instruction.flow == Flow::kConditional) return true;
  if (instruction.flow != Flow::kNext) return false;
  switch (instruction.operation) {
    case Operation::kAdd:
    case Operation::kAddMemory:
    case Operation::kCompareImmediate:
      return true;
    case Operation::kAndImmediate:
    case Operation::kSubtractImmediate:
      return !instruction.memory;
    default:
      return OnlyMovesData(instruction);
  }
}

// The register that the instruction's operation has its result in.
uint8_t ResultOf(const Instruction& instruction) {
  switch (instruction.operation) {
    case Operation::kLea:
    case Operation::kLoad:
    case Operation::kLoadSignExtended:
    case Operation::kLoadZeroExtended:
    case Operation::kMove:
    case Operation::kAdd:
    case Operation::kAddMemory:
      return instruction.reg;
    case Operation::kMoveImmediate:
    case Operation::kAndImmediate:
    case Operation::kSubtractImmediate:
      return instruction.memory ? kNoRegister : instruction.rm;
    case Operation::kOther:
    case Operation::kCompareImmediate:
    case Operation::kNop:
      return kNoRegister;
  }
  return kNoRegister;
}

}  // namespace

bool RegisterFacts::SameMemory(const Comparison& comparison,
                               const Instruction& instruction) {
  return comparison.valid && comparison.memory && instruction.memory &&
         !instruction.pc_relative_memory && !instruction.special_address &&
         comparison.base == instruction.base &&
         comparison.index == instruction.index &&
         comparison.scale == instruction.scale &&
         comparison.displacement == instruction.memory_displacement;
}

RegisterFacts::Fact RegisterFacts::BoundOfMemory(const Instruction& instruction,
                                                 uint8_t width) const {
  Fact fact;
  fact.width = width;
  if (SameMemory(memory_bound_, instruction) && memory_bound_.width == width) {
    fact.bound_width = width;
    fact.max = memory_bound_.value;
    fact.since = memory_bound_.since;
  }
  return fact;
}

RegisterFacts::Fact RegisterFacts::EntryResult(
    const Instruction& instruction) const {
  const Fact& base = At(instruction.base);
  const Fact& index = At(instruction.index);
  if (!instruction.memory || instruction.special_address ||
      instruction.pc_relative_memory || base.kind != Kind::kAddress ||
      !index.bounded() || instruction.scale != 4 ||
      instruction.memory_displacement != 0) {
    return {};
  }
  Fact entry;
  entry.kind = Kind::kEntry;
  entry.table = base.table;
  entry.reference = base.reference;
  entry.count = index.max + 1;
  entry.since = std::min(base.since, index.since);
  return entry;
}

RegisterFacts::Fact RegisterFacts::LoadResult(const Instruction& instruction,
                                              LinkAddr address) const {
  if (instruction.operation == Operation::kLoadSignExtended) {
    if (instruction.memory) return EntryResult(instruction);
    // Of a number that has no sign, for it is small.
    const Fact& source = At(instruction.rm);
    if (source.bound_width < 4 || source.max > MaxOfWidth(4) / 2) return {};
    Fact result = source;
    result.kind = Kind::kUnknown;
    result.width = result.bound_width = 4;
    return result;
  }
  const uint8_t width = instruction.operation == Operation::kLoad
                            ? instruction.operand_size
                            : instruction.source_size;
  Fact result;
  if (instruction.memory) {
    result = BoundOfMemory(instruction, width);
    if (width == 8) result.kind = Kind::kPointer;
  } else {
    const Fact& source = At(instruction.rm);
    if (width == 8) return source;
    if (source.bound_width == width ||
        (source.bounded() && source.max <= MaxOfWidth(width))) {
      result = source;
      result.bound_width = width;
    }
    result.kind = Kind::kUnknown;
    result.width = std::min(width, source.width);
  }
  if (result.since == LinkAddr()) result.since = address;
  return result;
}

RegisterFacts::Fact RegisterFacts::SumResult(
    const Instruction& instruction) const {
  if (instruction.operand_size != 8) return {};
  const Fact& a = At(instruction.reg);
  const Fact& b = At(instruction.rm);
  const Fact& entry = a.kind == Kind::kEntry ? a : b;
  const Fact& base = a.kind == Kind::kEntry ? b : a;
  if (entry.kind != Kind::kEntry || base.kind != Kind::kAddress ||
      entry.table != base.table) {
    return {};
  }
  Fact target = entry;
  target.kind = Kind::kTarget;
  target.since = std::min(entry.since, base.since);
  return target;
}

RegisterFacts::Fact RegisterFacts::Result(const Instruction& instruction,
                                          LinkAddr address) const {
  Fact result;
  result.since = address;
  switch (instruction.operation) {
    case Operation::kLea:
      if (instruction.pc_relative_memory && instruction.operand_size == 8) {
        result.kind = Kind::kAddress;
        result.table = address + instruction.length +
                       static_cast<uint64_t>(int64_t{instruction.displacement});
        result.reference = address + instruction.field_offset;
      }
      result.width = instruction.operand_size;
      return result;
    case Operation::kLoad:
    case Operation::kLoadZeroExtended:
    case Operation::kMove: {
      Instruction load = instruction;
      if (load.operation == Operation::kMove) load.operation = Operation::kLoad;
      return LoadResult(load, address);
    }
    case Operation::kLoadSignExtended:
      return LoadResult(instruction, address);
    case Operation::kAdd:
      result = SumResult(instruction);
      break;
    case Operation::kAndImmediate:
      if (instruction.immediate >= 0) {
        result.bound_width = instruction.operand_size;
        result.max = static_cast<uint64_t>(instruction.immediate);
      }
      break;
    case Operation::kAddMemory:
    case Operation::kMoveImmediate:
    case Operation::kSubtractImmediate:
      break;
    case Operation::kOther:
    case Operation::kCompareImmediate:
    case Operation::kNop:
      return result;
  }
  // Writing the lower half of a register clears the upper one.
  if (instruction.operand_size == 4) result.width = 4;
  return result;
}

void RegisterFacts::Compare(const Instruction& instruction, LinkAddr address) {
  comparison_ = {};
  if (instruction.special_address || instruction.pc_relative_memory) return;
  comparison_.valid = true;
  comparison_.memory = instruction.memory;
  comparison_.reg = instruction.memory ? kNoRegister : instruction.rm;
  comparison_.base = instruction.base;
  comparison_.index = instruction.index;
  comparison_.scale = instruction.scale;
  comparison_.displacement = instruction.memory_displacement;
  comparison_.width = instruction.operand_size;
  comparison_.value = static_cast<uint64_t>(instruction.immediate) &
                      MaxOfWidth(instruction.operand_size);
  comparison_.since = address;
}

// What holds where a conditional jump is not taken.
void RegisterFacts::Branch(const Instruction& instruction) {
  if (!comparison_.valid) return;
  Comparison bound = comparison_;
  if (instruction.condition == kAboveOrEqual && bound.value != 0) {
    --bound.value;
  } else if (instruction.condition != kAbove) {
    return;
  }
  if (bound.memory) {
    memory_bound_ = bound;
    return;
  }
  if (bound.reg >= kRegisters) return;
  Fact& fact = facts_[bound.reg];
  // Before the comparison only the width was known.
  const bool relies_on_width = fact.width < 8;
  fact.since =
      relies_on_width ? std::min(fact.since, bound.since) : bound.since;
  fact.bound_width = bound.width;
  fact.max = bound.value;
}

void RegisterFacts::Read(const Instruction& instruction, LinkAddr address) {
  const Fact result = Result(instruction, address);
  const uint8_t result_register = ResultOf(instruction);
  for (uint8_t reg = 0; reg < kRegisters; ++reg) {
    if ((instruction.may_write >> reg & 1) == 0) continue;
    facts_[reg] = {};
    if (reg == comparison_.reg) comparison_ = {};
    for (Comparison* memory : {&comparison_, &memory_bound_}) {
      if (memory->base == reg || memory->index == reg) *memory = {};
    }
  }
  if (result_register < kRegisters) facts_[result_register] = result;
  if (!LeavesMemory(instruction)) memory_bound_ = {};
  if (instruction.operation == Operation::kCompareImmediate) {
    Compare(instruction, address);
  } else if (instruction.flow == Flow::kConditional) {
    Branch(instruction);
  } else if (!OnlyMovesData(instruction)) {
    comparison_ = {};
  }
}

TableJump RegisterFacts::JumpThrough(uint8_t reg) const {
  const Fact& fact = At(reg);
  if (fact.kind != Kind::kTarget) return {};
  return {fact.table, fact.count, fact.reference, fact.since};
}

}  // namespace relink
