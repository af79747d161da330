// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/elf_names.h"

#include <span>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "relink/elf/constants.h"

namespace relink::tools {
namespace {

using namespace elf;  // NOLINT: a file of tables of its constants

struct Row {
  uint64_t number;
  absl::string_view name;
};

// clang-format off

// The ones that Relink does not link have no constant: gABI, "ELF Header".
constexpr Row kMachines[] = {
    {kEm386, "i386"}, {kEmArm, "arm"}, {kEmX86_64, "x86-64"},
    {kEmAarch64, "aarch64"}, {kEmRiscv, "riscv"}, {kEmLoongarch, "loongarch"},
    {0, "none"}, {2, "sparc"}, {4, "m68k"}, {8, "mips"}, {15, "parisc"},
    {20, "powerpc"}, {21, "powerpc64"}, {22, "s390"}, {42, "superh"},
    {43, "sparcv9"}, {50, "ia-64"}, {83, "avr"}, {94, "xtensa"},
    {105, "msp430"}, {164, "hexagon"}, {190, "cuda"}, {195, "arc"},
    {224, "amdgpu"}, {247, "bpf"}, {252, "csky"},
};

constexpr Row kFileTypes[] = {
    {kEtNone, "NONE"}, {kEtRel, "REL"}, {kEtExec, "EXEC"}, {kEtDyn, "DYN"},
    {kEtCore, "CORE"},
};

constexpr Row kSegmentTypes[] = {
    {kPtNull, "NULL"}, {kPtLoad, "LOAD"}, {kPtDynamic, "DYNAMIC"},
    {kPtInterp, "INTERP"}, {kPtNote, "NOTE"}, {kPtShlib, "SHLIB"},
    {kPtPhdr, "PHDR"}, {kPtTls, "TLS"}, {kPtGnuEhFrame, "GNU_EH_FRAME"},
    {kPtGnuStack, "GNU_STACK"}, {kPtGnuRelro, "GNU_RELRO"},
    {kPtGnuProperty, "GNU_PROPERTY"},
};

constexpr Row kSectionTypes[] = {
    {kShtNull, "NULL"}, {kShtProgbits, "PROGBITS"}, {kShtSymtab, "SYMTAB"},
    {kShtStrtab, "STRTAB"}, {kShtRela, "RELA"}, {kShtHash, "HASH"},
    {kShtDynamic, "DYNAMIC"}, {kShtNote, "NOTE"}, {kShtNobits, "NOBITS"},
    {kShtRel, "REL"}, {kShtShlib, "SHLIB"}, {kShtDynsym, "DYNSYM"},
    {kShtInitArray, "INIT_ARRAY"}, {kShtFiniArray, "FINI_ARRAY"},
    {kShtPreinitArray, "PREINIT_ARRAY"}, {kShtGroup, "GROUP"},
    {kShtSymtabShndx, "SYMTAB_SHNDX"}, {kShtRelr, "RELR"},
    {kShtGnuHash, "GNU_HASH"}, {kShtGnuVerdef, "VERDEF"},
    {kShtGnuVerneed, "VERNEED"}, {kShtGnuVersym, "VERSYM"},
};

constexpr Row kSymbolTypes[] = {
    {kSttNotype, "NOTYPE"}, {kSttObject, "OBJECT"}, {kSttFunc, "FUNC"},
    {kSttSection, "SECTION"}, {kSttFile, "FILE"}, {kSttCommon, "COMMON"},
    {kSttTls, "TLS"}, {kSttGnuIfunc, "IFUNC"},
};

constexpr Row kSymbolBinds[] = {
    {kStbLocal, "LOCAL"}, {kStbGlobal, "GLOBAL"}, {kStbWeak, "WEAK"},
    {kStbGnuUnique, "UNIQUE"},
};

constexpr Row kSymbolVisibilities[] = {
    {kStvDefault, "DEFAULT"}, {kStvInternal, "INTERNAL"},
    {kStvHidden, "HIDDEN"}, {kStvProtected, "PROTECTED"},
};

constexpr Row kSegmentFlags[] = {{kPfR, "R"}, {kPfW, "W"}, {kPfX, "X"}};

constexpr Row kSectionFlags[] = {
    {kShfWrite, "W"}, {kShfAlloc, "A"}, {kShfExecinstr, "X"}, {kShfMerge, "M"},
    {kShfStrings, "S"}, {kShfInfoLink, "I"}, {kShfLinkOrder, "L"},
    {kShfGroup, "G"}, {kShfTls, "T"}, {kShfCompressed, "C"},
};

// clang-format on

std::string Name(std::span<const Row> rows, uint64_t number) {
  for (const Row& row : rows) {
    if (row.number == number) return std::string(row.name);
  }
  return absl::StrCat("0x", absl::Hex(number));
}

std::string Letters(std::span<const Row> rows, uint64_t flags) {
  std::string letters;
  for (const Row& row : rows) {
    if ((flags & row.number) != 0) absl::StrAppend(&letters, row.name);
  }
  return letters.empty() ? "-" : letters;
}

}  // namespace

std::string MachineName(uint16_t machine) { return Name(kMachines, machine); }
std::string FileTypeName(uint16_t type) { return Name(kFileTypes, type); }
std::string SegmentTypeName(uint32_t type) { return Name(kSegmentTypes, type); }
std::string SectionTypeName(uint32_t type) { return Name(kSectionTypes, type); }
std::string SymbolTypeName(uint8_t type) { return Name(kSymbolTypes, type); }
std::string SymbolBindName(uint8_t bind) { return Name(kSymbolBinds, bind); }
std::string SymbolVisibilityName(uint8_t visibility) {
  return Name(kSymbolVisibilities, visibility);
}
std::string SegmentFlags(uint32_t flags) {
  return Letters(kSegmentFlags, flags);
}
std::string SectionFlags(uint64_t flags) {
  return Letters(kSectionFlags, flags);
}

}  // namespace relink::tools
