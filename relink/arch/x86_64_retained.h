// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ARCH_X86_64_RETAINED_H_
#define RELINK_ARCH_X86_64_RETAINED_H_

#include <array>
#include <cstdint>

#include "relink/arch/retained_relocation.h"

namespace relink {

// The relocations of x86-64 that stand in object files, in ascending order, and
// what ld, gold, lld and mold may have made of their instructions: psABI,
// sections 4.4 "Relocation" and B.2 "Optimize GOTPCRELX Relocations"; "ELF
// Handling For Thread-Local Storage", section 5.
//
//   GOTPCRELX      mov slot, %reg -> lea; call *slot -> call; jmp *slot -> jmp;
//                  a constant if the symbol is one
//   TLSGD, TLSLD   lea, call -> mov %fs:0, add slot or lea: the second
//                  relocation, of the call, stands inside of what is there now
//   TLSDESC        lea -> mov slot or a constant; call -> nop
//   GOTTPOFF       mov or add slot -> a constant
//
// What makes sense only where code is at a fixed address, or counts from the
// GOT, has no form.
inline constexpr auto kX86_64Retained = [] {
  constexpr uint8_t kMemory = kRetainedMemory;
  constexpr uint8_t kBranch = kRetainedBranch;
  constexpr uint8_t kConstant = kRetainedConstant;
  return std::to_array<RetainedRelocation>({
      // clang-format off
      {0,  "R_X86_64_NONE",             kMemory | kBranch | kConstant, false, false, 0},
      {1,  "R_X86_64_64",               0, false, false, 8},
      {2,  "R_X86_64_PC32",             kMemory | kBranch, false, true, 4},
      {3,  "R_X86_64_GOT32",            0, false, false, 4},
      {4,  "R_X86_64_PLT32",            kMemory | kBranch | kRetainedThreadCall, false, true, 4},
      {9,  "R_X86_64_GOTPCREL",         kMemory | kRetainedThreadCall, false, true, 4},
      {10, "R_X86_64_32",               0, false, false, 4},
      {11, "R_X86_64_32S",              0, false, false, 4},
      {12, "R_X86_64_16",               0, false, false, 2},
      {13, "R_X86_64_PC16",             0, false, true, 2},
      {14, "R_X86_64_8",                0, false, false, 1},
      {15, "R_X86_64_PC8",              kBranch, false, true, 1},
      {17, "R_X86_64_DTPOFF64",         kConstant, false, false, 8},
      {18, "R_X86_64_TPOFF64",          kConstant, false, false, 8},
      {19, "R_X86_64_TLSGD",            kMemory | kConstant, true, true, 4},
      {20, "R_X86_64_TLSLD",            kMemory | kConstant, true, true, 4},
      {21, "R_X86_64_DTPOFF32",         kConstant, false, false, 4},
      {22, "R_X86_64_GOTTPOFF",         kMemory | kConstant, false, true, 4},
      {23, "R_X86_64_TPOFF32",          kConstant, false, false, 4},
      {24, "R_X86_64_PC64",             0, false, true, 8},
      {25, "R_X86_64_GOTOFF64",         0, false, false, 8},
      {26, "R_X86_64_GOTPC32",          kMemory, false, true, 4},
      {27, "R_X86_64_GOT64",            0, false, false, 8},
      {28, "R_X86_64_GOTPCREL64",       0, false, true, 8},
      {29, "R_X86_64_GOTPC64",          0, false, true, 8},
      {30, "R_X86_64_GOTPLT64",         0, false, false, 8},
      {31, "R_X86_64_PLTOFF64",         0, false, false, 8},
      {32, "R_X86_64_SIZE32",           kConstant, false, false, 4},
      {33, "R_X86_64_SIZE64",           kConstant, false, false, 8},
      {34, "R_X86_64_GOTPC32_TLSDESC",  kMemory | kConstant, true, true, 4},
      {35, "R_X86_64_TLSDESC_CALL",     kConstant, false, false, 0},
      {41, "R_X86_64_GOTPCRELX",        kMemory | kBranch | kConstant | kRetainedBranchBefore | kRetainedThreadCall, false, true, 4},
      {42, "R_X86_64_REX_GOTPCRELX",    kMemory | kConstant, false, true, 4},
      // clang-format on
  });
}();

}  // namespace relink

#endif  // RELINK_ARCH_X86_64_RETAINED_H_
