// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ARCH_X86_64_TWO_BYTE_OPCODES_H_
#define RELINK_ARCH_X86_64_TWO_BYTE_OPCODES_H_

#include <cstdint>

#include "relink/arch/instruction.h"
#include "relink/arch/x86_64_opcodes.h"

namespace relink::x86_64 {

// Opcodes after 0f, SDM table A-3. What has no row is not valid.
inline constexpr OpcodeMap kTwoByteOpcodes = [] {
  using I = Immediate;
  using G = Group;
  using O = Operation;
  constexpr Flow kNext = Flow::kNext;
  constexpr OpcodeRow kRows[] = {
      // clang-format off
      // SSE, MMX and hints, but for the rows below.
      {0x0d, 0x0d, {kModRm}},                                                 // prefetchw
      {0x0f, 0x0f, {kModRm, I::k8}},                                          // 3DNow!
      {0x10, 0x12, {kModRm}},
      {0x13, 0x13, {kModRm | kMemoryOnly}},  // movlps
      {0x14, 0x16, {kModRm}},
      {0x17, 0x17, {kModRm | kMemoryOnly}},  // movhps
      {0x18, 0x1e, {kModRm}},
      {0x28, 0x2f, {kModRm}},
      {0x50, 0x76, {kModRm}},
      {0x7c, 0x7f, {kModRm}},
      {0xd0, 0xfe, {kModRm}},

      {0x00, 0x00, {kModRm, I::kNone, G::kSystem}},
      {0x01, 0x01, {kModRm, I::kNone, G::kMonitor}},
      {0x02, 0x03, {kModRm | kWritesReg}},                                    // lar, lsl
      {0x05, 0x05, {0, I::kNone, G::kNone, kRax | kRcx | kR11}},              // syscall
      {0x06, 0x06, {0}},                                                      // clts
      {0x07, 0x07, {0, I::kNone, G::kNone, kRsp, Flow::kReturn}},             // sysret
      {0x08, 0x09, {0}},                                                      // invd, wbinvd
      {0x0b, 0x0b, {0, I::kNone, G::kNone, 0, Flow::kStop}},                  // ud2
      {0x0e, 0x0e, {0}},                                                      // femms
      {0x1e, 0x1e, {kModRm, I::kNone, G::kShadowStack}},
      {0x1f, 0x1f, {kModRm, I::kNone, G::kNone, 0, kNext, O::kNop}},
      {0x20, 0x21, {kModRm | kWide | kWritesRm, I::kNone, G::kControl}},
      {0x22, 0x23, {kModRm | kWide, I::kNone, G::kControl}},
      {0x2b, 0x2b, {kModRm | kMemoryOnly}},  // movntps
      {0x2c, 0x2d, {kModRm, I::kNone, G::kToInteger}},
      {0x30, 0x30, {0}},                                                      // wrmsr
      {0x31, 0x33, {0, I::kNone, G::kNone, kRax | kRdx}},                     // rdtsc, rdmsr, rdpmc
      {0x34, 0x34, {0, I::kNone, G::kNone, kCallerSaved}},                    // sysenter
      {0x35, 0x35, {0, I::kNone, G::kNone, kRsp, Flow::kReturn}},             // sysexit
      {0x37, 0x37, {0, I::kNone, G::kNone, kRax | kRbx | kRcx | kRdx}},       // getsec
      {0x38, 0x38, {0, I::kNone, G::kEscape38}},
      {0x3a, 0x3a, {0, I::kNone, G::kEscape3a}},
      {0x40, 0x4f, {kModRm | kWritesReg}},                                    // cmovcc
      {0x50, 0x50, {kModRm | kWritesReg | kRegisterOnly}},                    // movmskps
      {0x70, 0x70, {kModRm, I::k8}},                                          // pshufw
      {0x71, 0x73, {kModRm | kRegisterOnly, I::k8, G::kVectorShift}},
      {0x77, 0x77, {0}},                                                      // emms
      {0x78, 0x78, {kModRm | kWide, I::kNone, G::kReadField}},
      {0x79, 0x79, {kModRm | kWide}},                                         // vmwrite
      {0x7e, 0x7e, {kModRm, I::kNone, G::kMoveVector}},
      {0x80, 0x8f, {kWide, I::kRelative32, G::kNone, 0, Flow::kConditional}},  // jcc
      {0x90, 0x9f, {kModRm | kByte | kWritesRm}},                             // setcc
      {0xa0, 0xa1, {kWide, I::kNone, G::kNone, kRsp}},                        // push, pop %fs
      {0xa2, 0xa2, {0, I::kNone, G::kNone, kRax | kRbx | kRcx | kRdx}},       // cpuid
      {0xa3, 0xa3, {kModRm}},                                                 // bt
      {0xa4, 0xa4, {kModRm | kWritesRm, I::k8}},                              // shld
      {0xa5, 0xa5, {kModRm | kWritesRm}},
      {0xa6, 0xa7, {kModRm | kRegisterOnly, I::kNone, G::kPadLock, kRax | kRdx | kStrings}},
      {0xa8, 0xa9, {kWide, I::kNone, G::kNone, kRsp}},                        // push, pop %gs
      {0xaa, 0xaa, {0, I::kNone, G::kNone, kRsp, Flow::kReturn}},             // rsm
      {0xab, 0xab, {kModRm | kWritesRm}},                                     // bts
      {0xac, 0xac, {kModRm | kWritesRm, I::k8}},                              // shrd
      {0xad, 0xad, {kModRm | kWritesRm}},
      {0xae, 0xae, {kModRm, I::kNone, G::kSave}},
      {0xaf, 0xaf, {kModRm | kWritesReg}},                                    // imul
      {0xb0, 0xb0, {kModRm | kByte | kWritesRm, I::kNone, G::kNone, kRax}},   // cmpxchg
      {0xb1, 0xb1, {kModRm | kWritesRm, I::kNone, G::kNone, kRax}},
      {0xb2, 0xb2, {kModRm | kWritesReg | kMemoryOnly}},                      // lss
      {0xb3, 0xb3, {kModRm | kWritesRm}},                                     // btr
      {0xb4, 0xb5, {kModRm | kWritesReg | kMemoryOnly}},                      // lfs, lgs
      {0xb6, 0xb7, {kModRm | kWritesReg, I::kNone, G::kNone, 0, kNext, O::kLoadZeroExtended}},
      {0xb8, 0xb8, {kModRm | kWritesReg, I::kNone, G::kPopulation}},
      {0xb9, 0xb9, {kModRm, I::kNone, G::kNone, 0, Flow::kStop}},             // ud1
      {0xba, 0xba, {kModRm, I::k8, G::kBitTest}},
      {0xbb, 0xbb, {kModRm | kWritesRm}},                                     // btc
      {0xbc, 0xbf, {kModRm | kWritesReg}},                                    // bsf, bsr, movsx
      {0xc0, 0xc0, {kModRm | kByte | kWritesReg | kWritesRm}},                // xadd
      {0xc1, 0xc1, {kModRm | kWritesReg | kWritesRm}},
      {0xc2, 0xc2, {kModRm, I::k8}},                                          // cmpps
      {0xc3, 0xc3, {kModRm | kMemoryOnly}},                                   // movnti
      {0xc4, 0xc4, {kModRm, I::k8}},                                          // pinsrw
      {0xc5, 0xc5, {kModRm | kWritesReg | kRegisterOnly, I::k8}},             // pextrw
      {0xc6, 0xc6, {kModRm, I::k8}},                                          // shufps
      {0xc7, 0xc7, {kModRm, I::kNone, G::kExchange8}},
      {0xc8, 0xcf, {kWritesLow}},                                             // bswap
      {0xd7, 0xd7, {kModRm | kWritesReg | kRegisterOnly}},                    // pmovmskb
      {0xe7, 0xe7, {kModRm | kMemoryOnly}},  // movntq
      {0xf0, 0xf0, {kModRm | kMemoryOnly}},  // lddqu
      {0xf7, 0xf7, {kModRm | kRegisterOnly}},  // maskmovq
      {0xff, 0xff, {kModRm, I::kNone, G::kNone, 0, Flow::kStop}},             // ud0
      // clang-format on
  };
  return MakeOpcodeMap(kRows);
}();

}  // namespace relink::x86_64

#endif  // RELINK_ARCH_X86_64_TWO_BYTE_OPCODES_H_
