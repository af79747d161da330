// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ARCH_X86_64_H_
#define RELINK_ARCH_X86_64_H_

#include <array>
#include <cstdint>

#include "relink/arch/architecture.h"
#include "relink/arch/instruction.h"
#include "relink/arch/relocation_rule.h"
#include "relink/arch/x86_64_decoder.h"
#include "relink/arch/x86_64_object_relocations.h"
#include "relink/arch/x86_64_possible_reference.h"
#include "relink/arch/x86_64_retained.h"
#include "relink/elf/constants.h"
#include "relink/elf/records.h"

namespace relink {

// x86-64. Little-endian, RELA, PC-relative code. The thread pointer is %fs:0
// and points past the static TLS blocks, so their offsets are negative.
//
// System V psABI, AMD64 supplement, table 4.9 "Relocation Types":
// https://gitlab.com/x86-psABIs/x86-64-ABI
struct X86_64 {
  using Elf = elf::Elf64Le;
  static constexpr const char* kName = "x86_64";
  static constexpr uint16_t kMachine = elf::kEmX86_64;
  static constexpr TlsVariant kTlsVariant = TlsVariant::kBelowThreadPointer;
  static constexpr DecodeFunction* kDecode = DecodeX86_64;
  static constexpr FindReferenceFunction* kFindReference = FindReferenceX86_64;

  static constexpr auto& kRetained = kX86_64Retained;
  // jmp rel32
  static constexpr std::array<uint8_t, 5> kJump = {0xe9, 0, 0, 0, 0};

  // jo rel32
  static constexpr std::array<uint8_t, 6> kConditionalJump = {0x0f, 0x80, 0,
                                                              0,    0,    0};

  // jmp *slot(%rip); xchg %ax, %ax
  static constexpr std::array<uint8_t, 8> kStub = {0xff, 0x25, 0,    0,
                                                   0,    0,    0x66, 0x90};
  static constexpr auto& kObjectRelocations = kX86_64ObjectRelocations;

  // The relocations that may stand in a dynamic relocation table, by r_type,
  // and two that only object files have: TPOFF32 and GOTOFF64.
  // The psABI lists the 8 and 16 bit ones as allowed but non-conformant and
  // gives no overflow rule; we take what binutils does: signed or unsigned.
  static constexpr auto kRules = [] {
    using L = Lookup;
    using Fm = Formula;
    using Fd = Field;
    constexpr RelocationRule kRows[] = {
        // clang-format off
        {0,  "R_X86_64_NONE",       Fm::kNone},
        {1,  "R_X86_64_64",         Fm::kSymbol,        Fd::k64},
        {2,  "R_X86_64_PC32",       Fm::kPcRelative,    Fd::k32, Fit::kSigned},
        {4,  "R_X86_64_PLT32",      Fm::kPcRelative,    Fd::k32, Fit::kSigned, L::kCall},
        {5,  "R_X86_64_COPY",       Fm::kCopy,          Fd::kNone, Fit::kWraps, L::kCopy},
        {6,  "R_X86_64_GLOB_DAT",   Fm::kAddress,       Fd::k64},
        {7,  "R_X86_64_JUMP_SLOT",  Fm::kAddress,       Fd::k64, Fit::kWraps, L::kCall},
        {8,  "R_X86_64_RELATIVE",   Fm::kRelative,      Fd::k64},
        {10, "R_X86_64_32",         Fm::kSymbol,        Fd::k32, Fit::kUnsigned},
        {11, "R_X86_64_32S",        Fm::kSymbol,        Fd::k32, Fit::kSigned},
        {12, "R_X86_64_16",         Fm::kSymbol,        Fd::k16, Fit::kEither},
        {13, "R_X86_64_PC16",       Fm::kPcRelative,    Fd::k16, Fit::kSigned},
        {14, "R_X86_64_8",          Fm::kSymbol,        Fd::k8,  Fit::kEither},
        {15, "R_X86_64_PC8",        Fm::kPcRelative,    Fd::k8,  Fit::kSigned},
        {16, "R_X86_64_DTPMOD64",   Fm::kTlsModule,     Fd::k64, Fit::kWraps, L::kCall},
        {17, "R_X86_64_DTPOFF64",   Fm::kTlsOffset,     Fd::k64, Fit::kWraps, L::kCall},
        {18, "R_X86_64_TPOFF64",    Fm::kThreadOffset,  Fd::k64, Fit::kWraps, L::kCall},
        {23, "R_X86_64_TPOFF32",    Fm::kThreadOffset,  Fd::k32, Fit::kSigned, L::kCall},
        {24, "R_X86_64_PC64",       Fm::kPcRelative,    Fd::k64},
        {25, "R_X86_64_GOTOFF64",   Fm::kGotOffset,     Fd::k64},
        {32, "R_X86_64_SIZE32",     Fm::kSize,          Fd::k32, Fit::kUnsigned},
        {33, "R_X86_64_SIZE64",     Fm::kSize,          Fd::k64},
        {36, "R_X86_64_TLSDESC",    Fm::kTlsDescriptor, Fd::k64, Fit::kWraps, L::kCall},
        {37, "R_X86_64_IRELATIVE",  Fm::kIndirect,      Fd::k64},
        {38, "R_X86_64_RELATIVE64", Fm::kRelative,      Fd::k64},
        // clang-format on
    };
    std::array<RelocationRule, 39> rules{};
    for (const RelocationRule& row : kRows) rules[row.r_type] = row;
    return rules;
  }();
};
static_assert(Architecture<X86_64>);

}  // namespace relink

#endif  // RELINK_ARCH_X86_64_H_
