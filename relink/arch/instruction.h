// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ARCH_INSTRUCTION_H_
#define RELINK_ARCH_INSTRUCTION_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace relink {

// What an instruction does to the flow of control.
enum class Flow : uint8_t {
  kNext,
  kCall,          // Direct, relative to the next instruction.
  kIndirectCall,  // Through a register or memory.
  kJump,          // Direct, relative to the next instruction.
  kIndirectJump,  // Through a register or memory.
  kConditional,   // Jumps, relative to the next instruction, or goes on.
  kReturn,        // From a function, an interrupt or the kernel.
  kStop,          // Traps: nothing follows it.
};

// The operations that recovery of references and jump tables looks at. What is
// not quite one of them is kOther: what leaves a part of its destination alone
// (but for the three with an immediate), takes %ah for a byte, or computes its
// address in a special way. Operands of 4 bytes set all 8 of a register.
enum class Operation : uint8_t {
  kOther,
  kLea,                // reg = address of the memory operand
  kLoad,               // reg = memory
  kLoadSignExtended,   // reg = memory or rm, 4 bytes, to 8
  kLoadZeroExtended,   // reg = memory or rm, source_size bytes
  kMove,               // reg = rm
  kMoveImmediate,      // rm = immediate
  kAdd,                // reg += rm
  kAddMemory,          // reg += memory
  kCompareImmediate,   // memory or rm with immediate
  kAndImmediate,       // memory or rm &= immediate
  kSubtractImmediate,  // memory or rm -= immediate
  kNop,                // Nothing, whatever its operands; a branch target mark.
};

inline constexpr uint8_t kNoRegister = 0xff;
inline constexpr uint8_t kNoCondition = 0xff;

// What one machine instruction is, as far as moving it asks. Registers are
// general ones, by their number; an operand that is not one, or that there is
// not, is kNoRegister.
struct Instruction {
  uint8_t length = 0;
  Flow flow = Flow::kNext;
  Operation operation = Operation::kOther;
  // Of Flow::kConditional: the low four bits of the opcode of jcc, with which
  // the lowest bit inverts it; kNoCondition if it is another (loop, jrcxz).
  uint8_t condition = kNoCondition;

  // Where its opcode begins: after prefixes, at an escape byte or the first one
  // of VEX if there is one.
  uint8_t opcode_offset = 0;
  // The displacement of a direct branch or of a PC-relative memory operand:
  // where in the instruction, its size in bytes (1 or 4; 0 if there is none)
  // and its value. It leads to the address of the instruction + length +
  // displacement.
  uint8_t field_offset = 0;
  uint8_t field_size = 0;
  bool pc_relative_memory = false;  // The field is a memory operand's.
  int32_t displacement = 0;

  // Operands, as far as `operation` names them; rm of an indirect branch, too.
  uint8_t reg = kNoRegister;
  uint8_t rm = kNoRegister;
  uint8_t operand_size = 0;  // Bytes that the operation works on.
  uint8_t source_size = 0;   // Bytes that an extending load reads.
  int64_t immediate = 0;     // Sign-extended from the size that it has.

  // The memory operand: base + index * scale + memory_displacement, unless it
  // is PC-relative or special.
  bool memory = false;
  // Its address is computed in another way: in %fs or %gs, in 32 bits, from
  // vectors, scaled. `operation` is then kOther.
  bool special_address = false;
  uint8_t base = kNoRegister;
  uint8_t index = kNoRegister;
  uint8_t scale = 0;
  int32_t memory_displacement = 0;

  // General registers that it may write, one bit each. May have too many, never
  // too few; for a call, those that a function need not preserve.
  uint16_t may_write = 0;
};

// Decodes the instruction that `bytes` begin with. False: it is not one that
// the decoder knows, or it is cut off; the code that it stands in is best left
// alone. Never reads outside of `bytes`, whatever they are.
using DecodeFunction = bool(std::span<const std::byte> bytes,
                            Instruction* instruction);

}  // namespace relink

#endif  // RELINK_ARCH_INSTRUCTION_H_
