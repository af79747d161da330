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

  // VEX, EVEX and XOP.
  bool evex = false;
  uint8_t map = 0;   // 1: 0f, 2: 0f 38, 3: 0f 3a, 5, 6; 8 to 10 are XOP's.
  uint8_t vvvv = 0;  // A register.

  Mandatory mandatory = Mandatory::kNone;

  bool wide() const { return (rex & 8) != 0; }
  // Register numbers.
  uint8_t full_reg() const {
    return static_cast<uint8_t>(reg | (rex & 4) << 1);
  }
  uint8_t full_rm() const { return static_cast<uint8_t>(rm | (rex & 1) << 3); }
  bool register_operand() const { return mod == 3; }
};

}  // namespace relink::x86_64

#endif  // RELINK_ARCH_X86_64_ENCODING_H_
