// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/call_frame_instructions.h"

#include <array>

#include "relink/elf/dwarf_cursor.h"

namespace relink::elf {
namespace {

constexpr char kNotUnderstood[] = "unwind instruction is not understood";
constexpr char kHoldsAddress[] = "unwind instruction holds an address";
constexpr char kOwnAddress[] =
    "unwind expression computes with the address of the code";

// What follows an opcode.
enum class Operand : uint8_t {
  kNone,
  k1,
  k2,
  k4,
  k8,
  kLeb,        // Signed or not.
  kLeb2,       // Two of them.
  kBlock,      // An expression, after its size.
  kLebBlock,   // A register, then that.
  kAddress,    // Of the target's size.
  kRegister,   // In an expression: a register's number.
  kOffset,     // In an expression: of the register in the opcode.
  kRegOffset,  // In an expression: a register's number and an offset.
  kUnknown,
};
using Operands = std::array<Operand, 256>;

// DWARF 5, table 7.29 "Call frame instruction encodings"; the last ones are
// GNU's (LSB Core, "DWARF CFA Extensions"). Opcodes from 0x40 on have an
// operand in their low six bits.
constexpr Operands kInstructions = [] {
  Operands table{};
  table.fill(Operand::kUnknown);
  table[0x00] = Operand::kNone;      // DW_CFA_nop
  table[0x01] = Operand::kAddress;   // DW_CFA_set_loc
  table[0x02] = Operand::k1;         // DW_CFA_advance_loc1
  table[0x03] = Operand::k2;         // DW_CFA_advance_loc2
  table[0x04] = Operand::k4;         // DW_CFA_advance_loc4
  table[0x05] = Operand::kLeb2;      // DW_CFA_offset_extended
  table[0x06] = Operand::kLeb;       // DW_CFA_restore_extended
  table[0x07] = Operand::kLeb;       // DW_CFA_undefined
  table[0x08] = Operand::kLeb;       // DW_CFA_same_value
  table[0x09] = Operand::kLeb2;      // DW_CFA_register
  table[0x0a] = Operand::kNone;      // DW_CFA_remember_state
  table[0x0b] = Operand::kNone;      // DW_CFA_restore_state
  table[0x0c] = Operand::kLeb2;      // DW_CFA_def_cfa
  table[0x0d] = Operand::kLeb;       // DW_CFA_def_cfa_register
  table[0x0e] = Operand::kLeb;       // DW_CFA_def_cfa_offset
  table[0x0f] = Operand::kBlock;     // DW_CFA_def_cfa_expression
  table[0x10] = Operand::kLebBlock;  // DW_CFA_expression
  table[0x11] = Operand::kLeb2;      // DW_CFA_offset_extended_sf
  table[0x12] = Operand::kLeb2;      // DW_CFA_def_cfa_sf
  table[0x13] = Operand::kLeb;       // DW_CFA_def_cfa_offset_sf
  table[0x14] = Operand::kLeb2;      // DW_CFA_val_offset
  table[0x15] = Operand::kLeb2;      // DW_CFA_val_offset_sf
  table[0x16] = Operand::kLebBlock;  // DW_CFA_val_expression
  table[0x2e] = Operand::kLeb;       // DW_CFA_GNU_args_size
  table[0x2f] = Operand::kLeb2;      // DW_CFA_GNU_negative_offset_extended
  for (size_t i = 0; i < 0x40; ++i) {
    table[0x40 + i] = Operand::kNone;  // advance_loc
    table[0x80 + i] = Operand::kLeb;   // offset
    table[0xc0 + i] = Operand::kNone;  // restore
  }
  return table;
}();

// DWARF 5, table 7.9 "DWARF operation encodings": those that make sense here.
constexpr Operands kOperations = [] {
  Operands table{};
  table.fill(Operand::kUnknown);
  const auto fill = [&](size_t first, size_t last, Operand operand) {
    for (size_t i = first; i <= last; ++i) table[i] = operand;
  };
  table[0x03] = Operand::kAddress;     // DW_OP_addr
  table[0x06] = Operand::kNone;        // DW_OP_deref
  fill(0x08, 0x09, Operand::k1);       // DW_OP_const1u, const1s
  fill(0x0a, 0x0b, Operand::k2);       // DW_OP_const2u, const2s
  fill(0x0c, 0x0d, Operand::k4);       // DW_OP_const4u, const4s
  fill(0x0e, 0x0f, Operand::k8);       // DW_OP_const8u, const8s
  fill(0x10, 0x11, Operand::kLeb);     // DW_OP_constu, consts
  fill(0x12, 0x14, Operand::kNone);    // DW_OP_dup, drop, over
  table[0x15] = Operand::k1;           // DW_OP_pick
  fill(0x16, 0x22, Operand::kNone);    // DW_OP_swap ... plus
  table[0x23] = Operand::kLeb;         // DW_OP_plus_uconst
  fill(0x24, 0x27, Operand::kNone);    // DW_OP_shl, shr, shra, xor
  table[0x28] = Operand::k2;           // DW_OP_bra
  fill(0x29, 0x2e, Operand::kNone);    // DW_OP_eq ... ne
  table[0x2f] = Operand::k2;           // DW_OP_skip
  fill(0x30, 0x4f, Operand::kNone);    // DW_OP_lit0 ... lit31
  fill(0x70, 0x8f, Operand::kOffset);  // DW_OP_breg0 ... breg31
  table[0x90] = Operand::kRegister;    // DW_OP_regx
  table[0x92] = Operand::kRegOffset;   // DW_OP_bregx
  fill(0x94, 0x95, Operand::k1);       // DW_OP_deref_size, xderef_size
  table[0x96] = Operand::kNone;        // DW_OP_nop
  return table;
}();

constexpr uint8_t kOpBreg0 = 0x70;
// DW_OP_lit15 and DW_OP_and, behind a number that they take modulo 16.
constexpr uint8_t kModulo16[] = {0x3f, 0x1a};

template <class E>
class Scanner {
 public:
  explicit Scanner(uint64_t return_column) : return_column_(return_column) {}

  AddressBinding Scan(ByteView instructions) {
    binding_.problem = Scan(instructions, kInstructions);
    return binding_;
  }

  // Steps over what follows the opcode of one.
  const char* Step(ByteView instructions, uint8_t opcode,
                   DwarfCursor<E>& cursor) {
    return Skip(instructions, opcode, kInstructions[opcode], cursor);
  }

 private:
  const char* Scan(ByteView bytes, const Operands& table) {
    DwarfCursor<E> cursor(bytes, {});
    while (!cursor.at_end()) {
      const uint8_t opcode = cursor.Byte();
      const char* why = Skip(bytes, opcode, table[opcode], cursor);
      if (why != nullptr) return why;
    }
    return cursor.ok() ? nullptr : kNotUnderstood;
  }

  const char* Skip(ByteView bytes, uint8_t opcode, Operand operand,
                   DwarfCursor<E>& cursor) {
    switch (operand) {
      case Operand::kNone:
        return nullptr;
      case Operand::k1:
      case Operand::k2:
      case Operand::k4:
      case Operand::k8:
        cursor.Skip(uint64_t{1} << (static_cast<int>(operand) -
                                    static_cast<int>(Operand::k1)));
        return nullptr;
      case Operand::kLeb2:
        cursor.Uleb128();
        [[fallthrough]];
      case Operand::kLeb:
        cursor.Uleb128();
        return nullptr;
      case Operand::kLebBlock:
        cursor.Uleb128();
        [[fallthrough]];
      case Operand::kBlock:
        return Block(bytes, cursor);
      case Operand::kAddress:
        return kHoldsAddress;
      case Operand::kOffset:
        cursor.Uleb128();
        return Read(opcode - kOpBreg0, bytes, cursor);
      case Operand::kRegister:
        return Read(cursor.Uleb128(), bytes, cursor);
      case Operand::kRegOffset: {
        const uint64_t reg = cursor.Uleb128();
        cursor.Uleb128();
        return Read(reg, bytes, cursor);
      }
      case Operand::kUnknown:
        return kNotUnderstood;
    }
    return kNotUnderstood;
  }

  // A register is read; the cursor is behind that.
  const char* Read(uint64_t reg, ByteView bytes, const DwarfCursor<E>& cursor) {
    if (reg != return_column_) return nullptr;
    for (uint64_t i = 0; i < sizeof(kModulo16); ++i) {
      const uint64_t at = cursor.offset() + i;
      if (at >= bytes.size() ||
          static_cast<uint8_t>(bytes.bytes()[at]) != kModulo16[i]) {
        return kOwnAddress;
      }
    }
    binding_.modulo = 16;
    return nullptr;
  }

  const char* Block(ByteView bytes, DwarfCursor<E>& cursor) {
    const uint64_t size = cursor.Uleb128();
    const auto expression = bytes.Slice(cursor.offset(), size);
    if (!expression.ok()) return kNotUnderstood;
    cursor.Skip(size);
    return Scan(*expression, kOperations);
  }

  uint64_t return_column_;
  AddressBinding binding_;
};

constexpr uint8_t kAdvance1 = 0x02;
constexpr uint8_t kAdvance2 = 0x03;
constexpr uint8_t kAdvance4 = 0x04;
constexpr uint8_t kAdvance = 0x40;  // By the low six bits.
constexpr uint8_t kAdvanceEnd = 0x80;

// `operand` is behind the opcode.
template <class E>
void ReadAdvance(uint8_t opcode, DwarfCursor<E> operand,
                 CallFrameInstruction& instruction) {
  instruction.advances = true;
  if (opcode >= kAdvance && opcode < kAdvanceEnd) {
    instruction.advance = opcode - kAdvance;
  } else if (opcode == kAdvance1) {
    instruction.advance = operand.Byte();
  } else if (opcode == kAdvance2) {
    instruction.advance = operand.template Fixed<uint16_t>();
  } else if (opcode == kAdvance4) {
    instruction.advance = operand.template Fixed<uint32_t>();
  } else {
    instruction.advances = false;
  }
}

}  // namespace

template <class E>
Result<CallFrameInstruction> InstructionAt(ByteView instructions,
                                           uint64_t offset) {
  DwarfCursor<E> cursor(instructions, {});
  cursor.Skip(offset);
  CallFrameInstruction instruction;
  if (cursor.at_end()) return instruction;
  const uint8_t opcode = cursor.Byte();
  ReadAdvance<E>(opcode, cursor, instruction);
  const char* problem = Scanner<E>(/*return_column=*/UINT64_MAX)
                            .Step(instructions, opcode, cursor);
  if (problem == nullptr && !cursor.ok()) problem = kNotUnderstood;
  if (problem != nullptr) {
    return Error{ErrorCode::kUnsupported, problem, offset};
  }
  RELINK_TRY_ASSIGN(instruction.bytes,
                    instructions.Slice(offset, cursor.offset() - offset));
  return instruction;
}

template Result<CallFrameInstruction> InstructionAt<Elf32Le>(ByteView,
                                                             uint64_t);
template Result<CallFrameInstruction> InstructionAt<Elf32Be>(ByteView,
                                                             uint64_t);
template Result<CallFrameInstruction> InstructionAt<Elf64Le>(ByteView,
                                                             uint64_t);
template Result<CallFrameInstruction> InstructionAt<Elf64Be>(ByteView,
                                                             uint64_t);

template <class E>
AddressBinding BindingOf(ByteView instructions, uint64_t return_column) {
  return Scanner<E>(return_column).Scan(instructions);
}

template AddressBinding BindingOf<Elf32Le>(ByteView, uint64_t);
template AddressBinding BindingOf<Elf32Be>(ByteView, uint64_t);
template AddressBinding BindingOf<Elf64Le>(ByteView, uint64_t);
template AddressBinding BindingOf<Elf64Be>(ByteView, uint64_t);

}  // namespace relink::elf
