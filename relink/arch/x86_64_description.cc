// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/arch/x86_64_description.h"

#include <cstdint>

#include "relink/arch/instruction.h"
#include "relink/arch/x86_64_encoding.h"
#include "relink/arch/x86_64_opcodes.h"

namespace relink::x86_64 {
namespace {

// Without a REX prefix, bytes 4 to 7 are %ah, %ch, %dh and %bh.
bool IsHighByte(const Encoding& encoding, uint8_t number) {
  return encoding.rex == 0 && number >= 4;
}

uint16_t MayWrite(const Encoding& encoding, const Opcode& opcode) {
  const uint16_t form = opcode.form;
  // The bit of a register, or of the one that a byte is of.
  const auto bit = [&](uint8_t number) {
    const bool high = (form & kByte) != 0 && IsHighByte(encoding, number);
    return 1u << (high ? number - 4 : number);
  };
  unsigned writes = opcode.writes;
  if ((form & kWritesReg) != 0) writes |= bit(encoding.full_reg());
  if ((form & kWritesRm) != 0 && encoding.register_operand()) {
    writes |= bit(encoding.full_rm());
  }
  if ((form & kWritesVvvv) != 0) writes |= bit(encoding.vvvv);
  if ((form & kWritesLow) != 0) writes |= bit(encoding.full_low());
  return static_cast<uint16_t>(writes);
}

// A jump on a condition, of one and of two bytes; not loop (e0 to e3) and
// xbegin (c7).
uint8_t Condition(const Encoding& encoding) {
  const unsigned row = encoding.opcode & 0xf0;
  return row == 0x70 || row == 0x80 ? encoding.opcode & 0xf : kNoCondition;
}

// cmp, and, sub: with the register at ModRM.rm, or with %rax.
void DescribeImmediate(const Encoding& encoding, const Opcode& opcode,
                       Instruction* out) {
  const bool has_rm = (opcode.form & kModRm) != 0 && !out->memory;
  const uint8_t rm = encoding.full_rm();
  if (has_rm && out->operand_size == 1 && IsHighByte(encoding, rm)) return;
  out->operation = opcode.operation;
  if (!out->memory) out->rm = has_rm ? rm : 0;
}

// mov to a register.
void DescribeMoveImmediate(const Encoding& encoding, const Opcode& opcode,
                           Instruction* out) {
  if (out->memory || out->operand_size < 4) return;
  out->operation = opcode.operation;
  out->rm =
      (opcode.form & kModRm) != 0 ? encoding.full_rm() : encoding.full_low();
}

// From a register or memory to a register, all of it.
void DescribeTwoOperands(const Encoding& encoding, const Opcode& opcode,
                         Instruction* out) {
  const bool to_rm = (opcode.form & kToRm) != 0;
  if (out->operand_size < 4 || (to_rm && out->memory)) return;
  const uint8_t reg = encoding.full_reg();
  const uint8_t rm = encoding.full_rm();
  Operation operation = opcode.operation;
  switch (operation) {
    case Operation::kLoadSignExtended:
      if (out->operand_size != 8) return;
      out->source_size = 4;
      break;
    case Operation::kLoadZeroExtended: {
      const bool from_byte = (encoding.opcode & 1) == 0;
      if (from_byte && !out->memory && IsHighByte(encoding, rm)) return;
      out->source_size = from_byte ? 1 : 2;
      break;
    }
    case Operation::kLoad:
      if (!out->memory) operation = Operation::kMove;
      break;
    case Operation::kAdd:
      if (out->memory) operation = Operation::kAddMemory;
      break;
    default:
      break;
  }
  out->operation = operation;
  out->reg = to_rm ? rm : reg;
  if (!out->memory) out->rm = to_rm ? reg : rm;
}

void DescribeOperation(const Encoding& encoding, const Opcode& opcode,
                       Instruction* out) {
  switch (opcode.operation) {
    case Operation::kOther:
      return;
    case Operation::kNop:
      out->operation = Operation::kNop;
      return;
    case Operation::kCompareImmediate:
    case Operation::kAndImmediate:
    case Operation::kSubtractImmediate:
      DescribeImmediate(encoding, opcode, out);
      return;
    case Operation::kMoveImmediate:
      DescribeMoveImmediate(encoding, opcode, out);
      return;
    default:
      DescribeTwoOperands(encoding, opcode, out);
  }
}

}  // namespace

void DescribeInstruction(const Encoding& encoding, const Opcode& opcode,
                         Instruction* instruction) {
  instruction->flow = opcode.flow;
  instruction->may_write = MayWrite(encoding, opcode);
  switch (opcode.flow) {
    case Flow::kConditional:
      instruction->condition = Condition(encoding);
      return;
    case Flow::kIndirectCall:
    case Flow::kIndirectJump:
      if (!instruction->memory) instruction->rm = encoding.full_rm();
      return;
    default:
      break;
  }
  if (!instruction->special_address || opcode.operation == Operation::kNop) {
    DescribeOperation(encoding, opcode, instruction);
  }
}

}  // namespace relink::x86_64
