// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ARCH_X86_64_OBJECT_RELOCATIONS_H_
#define RELINK_ARCH_X86_64_OBJECT_RELOCATIONS_H_

#include <array>

#include "relink/arch/object_relocation.h"

namespace relink {

// What compilers emit for x86-64, whatever the code model, in ascending order:
// psABI, table 4.9 "Relocation Types".
//
// What asks for a GOT entry gets one: no instruction is exchanged for a cheaper
// one (psABI, section B.2), since what is defined elsewhere may be out of
// reach.
inline constexpr auto kX86_64ObjectRelocations =
    std::to_array<ObjectRelocation>({
        // clang-format off
        {0,  "R_X86_64_NONE",            Asks::kNothing,          0},
        {1,  "R_X86_64_64",              Asks::kSymbol,           1},
        {2,  "R_X86_64_PC32",            Asks::kSymbol,           2},
        {3,  "R_X86_64_GOT32",           Asks::kSlotOffset,      11},
        {4,  "R_X86_64_PLT32",           Asks::kSymbol,           4},
        {9,  "R_X86_64_GOTPCREL",        Asks::kSlot,             2},
        {10, "R_X86_64_32",              Asks::kSymbol,          10},
        {11, "R_X86_64_32S",             Asks::kSymbol,          11},
        {12, "R_X86_64_16",              Asks::kSymbol,          12},
        {13, "R_X86_64_PC16",            Asks::kSymbol,          13},
        {14, "R_X86_64_8",               Asks::kSymbol,          14},
        {15, "R_X86_64_PC8",             Asks::kSymbol,          15},
        {17, "R_X86_64_DTPOFF64",        Asks::kBlockOffset,      1},
        {18, "R_X86_64_TPOFF64",         Asks::kSymbol,          18},
        {19, "R_X86_64_TLSGD",           Asks::kThreadIndex,      2},
        {20, "R_X86_64_TLSLD",           Asks::kModuleIndex,      2},
        {21, "R_X86_64_DTPOFF32",        Asks::kBlockOffset,     11},
        {22, "R_X86_64_GOTTPOFF",        Asks::kThreadSlot,       2},
        {23, "R_X86_64_TPOFF32",         Asks::kSymbol,          23},
        {24, "R_X86_64_PC64",            Asks::kSymbol,          24},
        {25, "R_X86_64_GOTOFF64",        Asks::kSymbol,          25},
        {26, "R_X86_64_GOTPC32",         Asks::kGot,              2},
        {27, "R_X86_64_GOT64",           Asks::kSlotOffset,       1},
        {28, "R_X86_64_GOTPCREL64",      Asks::kSlot,            24},
        {29, "R_X86_64_GOTPC64",         Asks::kGot,             24},
        {30, "R_X86_64_GOTPLT64",        Asks::kSlotOffset,       1},
        {31, "R_X86_64_PLTOFF64",        Asks::kSymbol,          25},
        {32, "R_X86_64_SIZE32",          Asks::kSize,            10},
        {33, "R_X86_64_SIZE64",          Asks::kSize,             1},
        {34, "R_X86_64_GOTPC32_TLSDESC", Asks::kThreadDescriptor, 2},
        {35, "R_X86_64_TLSDESC_CALL",    Asks::kNothing,          0},
        {41, "R_X86_64_GOTPCRELX",       Asks::kSlot,             2},
        {42, "R_X86_64_REX_GOTPCRELX",   Asks::kSlot,             2},
        // clang-format on
    });

}  // namespace relink

#endif  // RELINK_ARCH_X86_64_OBJECT_RELOCATIONS_H_
