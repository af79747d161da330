// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ARCH_X86_64_OPCODES_H_
#define RELINK_ARCH_X86_64_OPCODES_H_

#include <array>
#include <cstdint>

#include "relink/arch/instruction.h"

// The one-byte and two-byte opcodes of x86-64: Intel's Software Developer's
// Manual, volume 2, appendix A, and AMD's Architecture Programmer's Manual,
// volume 3, appendix A.
namespace relink::x86_64 {

// What follows the ModRM operand.
enum class Immediate : uint8_t {
  kNone,
  k8,
  k16,
  kOperand,     // 2 or 4 bytes: the operand's size, no more than 4.
  kFull,        // 2, 4 or 8 bytes: the operand's size.
  k16And8,      // enter
  k8And8,       // extrq, insertq
  kAddress,     // 8 bytes, or 4 with an address-size prefix.
  kRelative8,   // A branch's displacement.
  kRelative32,  // A branch's displacement.
};

// What else there is to an opcode: a prefix, an escape to another map, or a
// group that ModRM chooses from.
enum class Group : uint8_t {
  kNone,
  kPrefix,
  kRex,
  kEscape,       // 0f
  kEscape38,     // 0f 38
  kEscape3a,     // 0f 3a
  kVex,          // c4, c5
  kEvex,         // 62
  kArithmetic,   // 80, 81, 83
  kSegment,      // 8c, 8e
  kPopOrXop,     // 8f
  kExchange,     // 90
  kMove,         // c6, c7
  kX87,          // d8 to df
  kUnary,        // f6, f7
  kIncrement,    // fe
  kIndirect,     // ff
  kSystem,       // 0f 00
  kMonitor,      // 0f 01
  kShadowStack,  // 0f 1e
  kControl,      // 0f 20 to 0f 23
  kVectorShift,  // 0f 71 to 0f 73
  kReadField,    // 0f 78
  kMoveVector,   // 0f 7e
  kPadLock,      // 0f a6, 0f a7
  kSave,         // 0f ae
  kPopulation,   // 0f b8
  kBitTest,      // 0f ba
  kExchange8,    // 0f c7
  kToInteger,    // 0f 2c, 0f 2d
};

// Properties of an opcode, as bits.
enum Form : uint16_t {
  kModRm = 1 << 0,
  kByte = 1 << 1,          // Its operands are bytes.
  kWide = 1 << 2,          // Its operands are of 8 bytes without REX.W.
  kWritesReg = 1 << 3,     // The register of ModRM.reg.
  kWritesRm = 1 << 4,      // That of ModRM.rm, if it is one.
  kWritesLow = 1 << 5,     // That of the opcode's low three bits.
  kMemoryOnly = 1 << 6,    // ModRM.rm is memory.
  kRegisterOnly = 1 << 7,  // ModRM.rm is a register.
  kToRm = 1 << 8,          // ModRM.rm is the destination, ModRM.reg the source.
  kWritesVvvv = 1 << 9,    // The register of VEX.vvvv.
  kRefused = 1 << 10,
};

inline constexpr uint16_t kRax = 1 << 0, kRcx = 1 << 1, kRdx = 1 << 2,
                          kRbx = 1 << 3, kRsp = 1 << 4, kRbp = 1 << 5,
                          kRsi = 1 << 6, kRdi = 1 << 7, kR8ToR11 = 0xf << 8,
                          kR11 = 1 << 11;
// Psabi 3.2.1: what a function need not preserve, and what a call pushes with.
inline constexpr uint16_t kCallerSaved =
    kRax | kRcx | kRdx | kRsi | kRdi | kR8ToR11 | kRsp;
inline constexpr uint16_t kStrings = kRsi | kRdi | kRcx;

struct Opcode {
  uint16_t form = kRefused;
  Immediate immediate = Immediate::kNone;
  Group group = Group::kNone;
  uint16_t writes = 0;  // Besides operands.
  Flow flow = Flow::kNext;
  Operation operation = Operation::kOther;
};

using OpcodeMap = std::array<Opcode, 256>;

// Opcodes that have the same row.
struct OpcodeRow {
  uint8_t first;
  uint8_t last;
  Opcode opcode;
};

template <typename Rows>
constexpr OpcodeMap MakeOpcodeMap(const Rows& rows) {
  OpcodeMap map;
  for (const OpcodeRow& row : rows) {
    for (unsigned i = row.first; i <= row.last; ++i) map[i] = row.opcode;
  }
  return map;
}

}  // namespace relink::x86_64

#endif  // RELINK_ARCH_X86_64_OPCODES_H_
