// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ARCH_X86_64_ENCODING_H_
#define RELINK_ARCH_X86_64_ENCODING_H_

#include <cstdint>

namespace relink::x86_64 {

// The prefix that is part of an opcode, numbered as VEX.pp.
enum class Mandatory : uint8_t { kNone, k66, kF3, kF2 };

// The fields of an instruction in front of its displacement and immediate, not
// yet interpreted.
struct Encoding {
  // Prefixes. The last one of a kind counts.
  bool operand_size = false;  // 66
  bool address_size = false;  // 67
  bool lock = false;          // f0
  bool segment = false;       // 64 or 65; the others mean nothing.
  uint8_t repeat = 0;         // f2 or f3
  uint8_t rex = 0;            // 0100WRXB, or the same of VEX, EVEX and XOP.

  uint8_t opcode = 0;
  uint8_t mod = 0;  // 3: ModRM.rm is a register.
  uint8_t reg = 0;  // Three bits.
  uint8_t rm = 0;   // Three bits.

  uint8_t map = 0;  // As VEX: 2 is 0f 38, 3 is 0f 3a.

  // VEX, EVEX and XOP.
  bool evex = false;
  bool vector_index = false;  // Of the memory operand.
  uint8_t vvvv = 0;           // A register.

  Mandatory mandatory = Mandatory::kNone;

  bool wide() const { return (rex & 8) != 0; }
  bool register_operand() const { return mod == 3; }
  // The numbers of the registers of ModRM, and of the opcode's low three bits.
  uint8_t full_reg() const { return Join(reg, rex >> 2); }
  uint8_t full_rm() const { return Join(rm, rex); }
  uint8_t full_low() const { return Join(opcode & 7, rex); }

  // Three bits of a register's number, and its fourth in the lowest bit of
  // `high`.
  static uint8_t Join(int low, int high) {
    return static_cast<uint8_t>(low | (high & 1) << 3);
  }
};

}  // namespace relink::x86_64

#endif  // RELINK_ARCH_X86_64_ENCODING_H_
