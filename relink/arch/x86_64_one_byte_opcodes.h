// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ARCH_X86_64_ONE_BYTE_OPCODES_H_
#define RELINK_ARCH_X86_64_ONE_BYTE_OPCODES_H_

#include <cstdint>

#include "relink/arch/instruction.h"
#include "relink/arch/x86_64_opcodes.h"

namespace relink::x86_64 {

// Opcodes without an escape byte, SDM table A-2. What has no row is not valid
// in 64-bit mode.
inline constexpr OpcodeMap kOneByteOpcodes = [] {
  using I = Immediate;
  using G = Group;
  using O = Operation;
  constexpr Flow kNext = Flow::kNext;
  constexpr OpcodeRow kRows[] = {
      // clang-format off
      {0x0f, 0x0f, {0, I::kNone, G::kEscape}},
      {0x26, 0x26, {0, I::kNone, G::kPrefix}},
      {0x2e, 0x2e, {0, I::kNone, G::kPrefix}},
      {0x36, 0x36, {0, I::kNone, G::kPrefix}},
      {0x3e, 0x3e, {0, I::kNone, G::kPrefix}},
      {0x40, 0x4f, {0, I::kNone, G::kRex}},
      {0x50, 0x57, {kWide, I::kNone, G::kNone, kRsp}},                        // push
      {0x58, 0x5f, {kWide | kWritesLow, I::kNone, G::kNone, kRsp}},           // pop
      {0x62, 0x62, {0, I::kNone, G::kEvex}},
      {0x63, 0x63, {kModRm | kWritesReg, I::kNone, G::kNone, 0, kNext, O::kLoadSignExtended}},
      {0x64, 0x67, {0, I::kNone, G::kPrefix}},
      {0x68, 0x68, {kWide, I::kOperand, G::kNone, kRsp}},                     // push
      {0x69, 0x69, {kModRm | kWritesReg, I::kOperand}},                       // imul
      {0x6a, 0x6a, {kWide, I::k8, G::kNone, kRsp}},                           // push
      {0x6b, 0x6b, {kModRm | kWritesReg, I::k8}},                             // imul
      {0x6c, 0x6d, {0, I::kNone, G::kNone, kRdi | kRcx}},                     // ins
      {0x6e, 0x6f, {0, I::kNone, G::kNone, kRsi | kRcx}},                     // outs
      {0x70, 0x7f, {kWide, I::kRelative8, G::kNone, 0, Flow::kConditional}},  // jcc
      {0x80, 0x80, {kModRm | kByte, I::k8, G::kArithmetic}},
      {0x81, 0x81, {kModRm, I::kOperand, G::kArithmetic}},
      {0x83, 0x83, {kModRm, I::k8, G::kArithmetic}},
      {0x84, 0x84, {kModRm | kByte}},                                         // test
      {0x85, 0x85, {kModRm}},
      {0x86, 0x86, {kModRm | kByte | kWritesReg | kWritesRm}},                // xchg
      {0x87, 0x87, {kModRm | kWritesReg | kWritesRm}},
      {0x88, 0x88, {kModRm | kByte | kWritesRm}},                             // mov
      {0x89, 0x89, {kModRm | kWritesRm | kToRm, I::kNone, G::kNone, 0, kNext, O::kMove}},
      {0x8a, 0x8a, {kModRm | kByte | kWritesReg}},
      {0x8b, 0x8b, {kModRm | kWritesReg, I::kNone, G::kNone, 0, kNext, O::kLoad}},
      {0x8c, 0x8c, {kModRm | kWritesRm, I::kNone, G::kSegment}},
      {0x8d, 0x8d, {kModRm | kWritesReg | kMemoryOnly, I::kNone, G::kNone, 0, kNext, O::kLea}},
      {0x8e, 0x8e, {kModRm, I::kNone, G::kSegment}},
      {0x8f, 0x8f, {kModRm | kWide | kWritesRm, I::kNone, G::kPopOrXop, kRsp}},
      {0x90, 0x90, {kWritesLow, I::kNone, G::kExchange, kRax}},
      {0x91, 0x97, {kWritesLow, I::kNone, G::kNone, kRax}},                   // xchg
      {0x98, 0x98, {0, I::kNone, G::kNone, kRax}},                            // cbw
      {0x99, 0x99, {0, I::kNone, G::kNone, kRdx}},                            // cwd
      {0x9b, 0x9b, {0}},                                                      // fwait
      {0x9c, 0x9d, {kWide, I::kNone, G::kNone, kRsp}},                        // pushf, popf
      {0x9e, 0x9e, {0}},                                                      // sahf
      {0x9f, 0x9f, {0, I::kNone, G::kNone, kRax}},                            // lahf
      {0xa0, 0xa0, {kByte, I::kAddress, G::kNone, kRax}},                     // mov
      {0xa1, 0xa1, {0, I::kAddress, G::kNone, kRax}},
      {0xa2, 0xa2, {kByte, I::kAddress}},
      {0xa3, 0xa3, {0, I::kAddress}},
      {0xa4, 0xa7, {0, I::kNone, G::kNone, kStrings}},                        // movs, cmps
      {0xa8, 0xa8, {kByte, I::k8}},                                           // test
      {0xa9, 0xa9, {0, I::kOperand}},
      {0xaa, 0xab, {0, I::kNone, G::kNone, kRdi | kRcx}},                     // stos
      {0xac, 0xad, {0, I::kNone, G::kNone, kRax | kRsi | kRcx}},              // lods
      {0xae, 0xaf, {0, I::kNone, G::kNone, kRdi | kRcx}},                     // scas
      {0xb0, 0xb7, {kByte | kWritesLow, I::k8}},                              // mov
      {0xb8, 0xbf, {kWritesLow, I::kFull, G::kNone, 0, kNext, O::kMoveImmediate}},
      {0xc0, 0xc0, {kModRm | kByte | kWritesRm, I::k8}},                      // shifts
      {0xc1, 0xc1, {kModRm | kWritesRm, I::k8}},
      {0xc2, 0xc2, {kWide, I::k16, G::kNone, kRsp, Flow::kReturn}},
      {0xc3, 0xc3, {kWide, I::kNone, G::kNone, kRsp, Flow::kReturn}},
      {0xc4, 0xc5, {0, I::kNone, G::kVex}},
      {0xc6, 0xc6, {kModRm | kByte | kWritesRm, I::k8, G::kMove}},
      {0xc7, 0xc7, {kModRm | kWritesRm, I::kOperand, G::kMove, 0, kNext, O::kMoveImmediate}},
      {0xc8, 0xc8, {kWide, I::k16And8, G::kNone, kRsp | kRbp}},               // enter
      {0xc9, 0xc9, {kWide, I::kNone, G::kNone, kRsp | kRbp}},                 // leave
      {0xca, 0xca, {0, I::k16, G::kNone, kRsp, Flow::kReturn}},               // far
      {0xcb, 0xcb, {0, I::kNone, G::kNone, kRsp, Flow::kReturn}},
      {0xcc, 0xcc, {0, I::kNone, G::kNone, 0, Flow::kStop}},                  // int3
      {0xcd, 0xcd, {0, I::k8, G::kNone, kCallerSaved}},                       // int
      {0xcf, 0xcf, {0, I::kNone, G::kNone, kRsp, Flow::kReturn}},             // iret
      {0xd0, 0xd0, {kModRm | kByte | kWritesRm}},                             // shifts
      {0xd1, 0xd1, {kModRm | kWritesRm}},
      {0xd2, 0xd2, {kModRm | kByte | kWritesRm}},
      {0xd3, 0xd3, {kModRm | kWritesRm}},
      {0xd7, 0xd7, {0, I::kNone, G::kNone, kRax}},                            // xlat
      {0xd8, 0xdf, {kModRm, I::kNone, G::kX87}},
      {0xe0, 0xe2, {kWide, I::kRelative8, G::kNone, kRcx, Flow::kConditional}},  // loop
      {0xe3, 0xe3, {kWide, I::kRelative8, G::kNone, 0, Flow::kConditional}},  // jrcxz
      {0xe4, 0xe5, {0, I::k8, G::kNone, kRax}},                               // in
      {0xe6, 0xe7, {0, I::k8}},                                               // out
      {0xe8, 0xe8, {kWide, I::kRelative32, G::kNone, kCallerSaved, Flow::kCall}},
      {0xe9, 0xe9, {kWide, I::kRelative32, G::kNone, 0, Flow::kJump}},
      {0xeb, 0xeb, {kWide, I::kRelative8, G::kNone, 0, Flow::kJump}},
      {0xec, 0xed, {0, I::kNone, G::kNone, kRax}},                            // in
      {0xee, 0xef, {0}},                                                      // out
      {0xf0, 0xf0, {0, I::kNone, G::kPrefix}},
      {0xf1, 0xf1, {0}},                                                      // int1
      {0xf2, 0xf3, {0, I::kNone, G::kPrefix}},
      {0xf4, 0xf4, {0, I::kNone, G::kNone, 0, Flow::kStop}},                  // hlt
      {0xf5, 0xf5, {0}},                                                      // cmc
      {0xf6, 0xf6, {kModRm | kByte, I::k8, G::kUnary}},
      {0xf7, 0xf7, {kModRm, I::kOperand, G::kUnary}},
      {0xf8, 0xfd, {0}},                                                      // clc to std
      {0xfe, 0xfe, {kModRm | kByte | kWritesRm, I::kNone, G::kIncrement}},
      {0xff, 0xff, {kModRm, I::kNone, G::kIndirect}},
      // clang-format on
  };
  OpcodeMap map = MakeOpcodeMap(kRows);
  // add, or, adc, sbb, and, sub, xor and cmp, which writes nothing.
  for (unsigned i = 0; i < 8; ++i) {
    Opcode* opcode = &map[i * 8];
    const uint16_t to_rm = i == 7 ? 0 : kWritesRm;
    const uint16_t to_reg = i == 7 ? 0 : kWritesReg;
    const Operation add = i == 0 ? O::kAdd : O::kOther;
    const Operation immediate = i == 4   ? O::kAndImmediate
                                : i == 5 ? O::kSubtractImmediate
                                : i == 7 ? O::kCompareImmediate
                                         : O::kOther;
    const uint16_t accumulator = i == 7 ? 0 : kRax;
    opcode[0].form = kModRm | kByte | to_rm;
    opcode[1] = {static_cast<uint16_t>(kModRm | to_rm | kToRm),
                 I::kNone,
                 G::kNone,
                 0,
                 kNext,
                 add};
    opcode[2].form = kModRm | kByte | to_reg;
    opcode[3] = {static_cast<uint16_t>(kModRm | to_reg),
                 I::kNone,
                 G::kNone,
                 0,
                 kNext,
                 add};
    opcode[4] = {kByte, I::k8, G::kNone, accumulator, kNext, immediate};
    opcode[5] = {0, I::kOperand, G::kNone, accumulator, kNext, immediate};
  }
  return map;
}();

}  // namespace relink::x86_64

#endif  // RELINK_ARCH_X86_64_ONE_BYTE_OPCODES_H_
