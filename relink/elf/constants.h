// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_CONSTANTS_H_
#define RELINK_ELF_CONSTANTS_H_

#include <cstdint>

// The numbers of the ELF specification that Relink reads, under their own names
// in Google spelling (PT_LOAD is kPtLoad), since <elf.h> makes the originals
// macros. System V gABI, "Object Files" and "Program Loading and Dynamic
// Linking"; GNU extensions as binutils' include/elf/common.h has them.
namespace relink::elf {

// e_ident.
inline constexpr unsigned kEiClass = 4;
inline constexpr unsigned kEiData = 5;
inline constexpr unsigned kEiVersion = 6;
inline constexpr unsigned kEiOsabi = 7;
inline constexpr unsigned kEiNident = 16;
inline constexpr uint8_t kElfClass32 = 1;
inline constexpr uint8_t kElfClass64 = 2;
inline constexpr uint8_t kElfData2Lsb = 1;
inline constexpr uint8_t kElfData2Msb = 2;
inline constexpr uint32_t kEvCurrent = 1;

// e_type.
inline constexpr uint16_t kEtNone = 0;
inline constexpr uint16_t kEtRel = 1;
inline constexpr uint16_t kEtExec = 2;
inline constexpr uint16_t kEtDyn = 3;
inline constexpr uint16_t kEtCore = 4;

// e_machine.
inline constexpr uint16_t kEm386 = 3;
inline constexpr uint16_t kEmArm = 40;
inline constexpr uint16_t kEmX86_64 = 62;
inline constexpr uint16_t kEmAarch64 = 183;
inline constexpr uint16_t kEmRiscv = 243;
inline constexpr uint16_t kEmLoongarch = 258;

// e_phnum: the real count is in section 0's sh_info.
inline constexpr uint16_t kPnXnum = 0xffff;

// p_type.
inline constexpr uint32_t kPtNull = 0;
inline constexpr uint32_t kPtLoad = 1;
inline constexpr uint32_t kPtDynamic = 2;
inline constexpr uint32_t kPtInterp = 3;
inline constexpr uint32_t kPtNote = 4;
inline constexpr uint32_t kPtShlib = 5;
inline constexpr uint32_t kPtPhdr = 6;
inline constexpr uint32_t kPtTls = 7;
inline constexpr uint32_t kPtGnuEhFrame = 0x6474e550;
inline constexpr uint32_t kPtGnuStack = 0x6474e551;
inline constexpr uint32_t kPtGnuRelro = 0x6474e552;
inline constexpr uint32_t kPtGnuProperty = 0x6474e553;

// p_flags.
inline constexpr uint32_t kPfX = 1;
inline constexpr uint32_t kPfW = 2;
inline constexpr uint32_t kPfR = 4;

// Special section indices.
inline constexpr uint16_t kShnUndef = 0;
inline constexpr uint16_t kShnLoreserve = 0xff00;
inline constexpr uint16_t kShnAbs = 0xfff1;
inline constexpr uint16_t kShnCommon = 0xfff2;
inline constexpr uint16_t kShnXindex = 0xffff;

// sh_type.
inline constexpr uint32_t kShtNull = 0;
inline constexpr uint32_t kShtProgbits = 1;
inline constexpr uint32_t kShtSymtab = 2;
inline constexpr uint32_t kShtStrtab = 3;
inline constexpr uint32_t kShtRela = 4;
inline constexpr uint32_t kShtHash = 5;
inline constexpr uint32_t kShtDynamic = 6;
inline constexpr uint32_t kShtNote = 7;
inline constexpr uint32_t kShtNobits = 8;
inline constexpr uint32_t kShtRel = 9;
inline constexpr uint32_t kShtShlib = 10;
inline constexpr uint32_t kShtDynsym = 11;
inline constexpr uint32_t kShtInitArray = 14;
inline constexpr uint32_t kShtFiniArray = 15;
inline constexpr uint32_t kShtPreinitArray = 16;
inline constexpr uint32_t kShtGroup = 17;
inline constexpr uint32_t kShtSymtabShndx = 18;
inline constexpr uint32_t kShtRelr = 19;
// Of .eh_frame (psABI for x86-64, "Special Sections").
inline constexpr uint32_t kShtX86_64Unwind = 0x70000001;
inline constexpr uint32_t kShtGnuHash = 0x6ffffff6;
inline constexpr uint32_t kShtGnuVerdef = 0x6ffffffd;
inline constexpr uint32_t kShtGnuVerneed = 0x6ffffffe;
inline constexpr uint32_t kShtGnuVersym = 0x6fffffff;

// sh_flags.
inline constexpr uint64_t kShfWrite = 1;
inline constexpr uint64_t kShfAlloc = 2;
inline constexpr uint64_t kShfExecinstr = 4;
inline constexpr uint64_t kShfMerge = 0x10;
inline constexpr uint64_t kShfStrings = 0x20;
inline constexpr uint64_t kShfInfoLink = 0x40;
inline constexpr uint64_t kShfLinkOrder = 0x80;
inline constexpr uint64_t kShfGroup = 0x200;
inline constexpr uint64_t kShfTls = 0x400;
inline constexpr uint64_t kShfCompressed = 0x800;
inline constexpr uint64_t kShfX86_64Large = 0x10000000;
inline constexpr uint64_t kShfExclude = 0x80000000;

// Flags of a section group.
inline constexpr uint32_t kGrpComdat = 1;

// d_tag.
inline constexpr int64_t kDtNull = 0;
inline constexpr int64_t kDtNeeded = 1;
inline constexpr int64_t kDtPltrelsz = 2;
inline constexpr int64_t kDtPltgot = 3;
inline constexpr int64_t kDtHash = 4;
inline constexpr int64_t kDtStrtab = 5;
inline constexpr int64_t kDtSymtab = 6;
inline constexpr int64_t kDtRela = 7;
inline constexpr int64_t kDtRelasz = 8;
inline constexpr int64_t kDtRelaent = 9;
inline constexpr int64_t kDtStrsz = 10;
inline constexpr int64_t kDtSyment = 11;
inline constexpr int64_t kDtInit = 12;
inline constexpr int64_t kDtFini = 13;
inline constexpr int64_t kDtSoname = 14;
inline constexpr int64_t kDtRpath = 15;
inline constexpr int64_t kDtSymbolic = 16;
inline constexpr int64_t kDtRel = 17;
inline constexpr int64_t kDtRelsz = 18;
inline constexpr int64_t kDtRelent = 19;
inline constexpr int64_t kDtPltrel = 20;
inline constexpr int64_t kDtDebug = 21;
inline constexpr int64_t kDtTextrel = 22;
inline constexpr int64_t kDtJmprel = 23;
inline constexpr int64_t kDtBindNow = 24;
inline constexpr int64_t kDtInitArray = 25;
inline constexpr int64_t kDtFiniArray = 26;
inline constexpr int64_t kDtInitArraysz = 27;
inline constexpr int64_t kDtFiniArraysz = 28;
inline constexpr int64_t kDtRunpath = 29;
inline constexpr int64_t kDtFlags = 30;
inline constexpr int64_t kDtPreinitArray = 32;
inline constexpr int64_t kDtPreinitArraysz = 33;
inline constexpr int64_t kDtSymtabShndx = 34;
inline constexpr int64_t kDtRelrsz = 35;
inline constexpr int64_t kDtRelr = 36;
inline constexpr int64_t kDtRelrent = 37;
inline constexpr int64_t kDtGnuHash = 0x6ffffef5;
inline constexpr int64_t kDtVersym = 0x6ffffff0;
inline constexpr int64_t kDtRelacount = 0x6ffffff9;
inline constexpr int64_t kDtRelcount = 0x6ffffffa;
inline constexpr int64_t kDtFlags1 = 0x6ffffffb;
inline constexpr int64_t kDtVerdef = 0x6ffffffc;
inline constexpr int64_t kDtVerdefnum = 0x6ffffffd;
inline constexpr int64_t kDtVerneed = 0x6ffffffe;
inline constexpr int64_t kDtVerneednum = 0x6fffffff;

// DT_FLAGS.
inline constexpr uint64_t kDfOrigin = 1;
inline constexpr uint64_t kDfSymbolic = 2;
inline constexpr uint64_t kDfTextrel = 4;
inline constexpr uint64_t kDfBindNow = 8;
inline constexpr uint64_t kDfStaticTls = 0x10;

// DT_FLAGS_1.
inline constexpr uint64_t kDf1Now = 1;
inline constexpr uint64_t kDf1Nodelete = 8;
inline constexpr uint64_t kDf1Pie = 0x08000000;

// st_info, st_other.
inline constexpr uint8_t kStbLocal = 0;
inline constexpr uint8_t kStbGlobal = 1;
inline constexpr uint8_t kStbWeak = 2;
inline constexpr uint8_t kStbGnuUnique = 10;
inline constexpr uint8_t kSttNotype = 0;
inline constexpr uint8_t kSttObject = 1;
inline constexpr uint8_t kSttFunc = 2;
inline constexpr uint8_t kSttSection = 3;
inline constexpr uint8_t kSttFile = 4;
inline constexpr uint8_t kSttCommon = 5;
inline constexpr uint8_t kSttTls = 6;
inline constexpr uint8_t kSttGnuIfunc = 10;
inline constexpr uint8_t kStvDefault = 0;
inline constexpr uint8_t kStvInternal = 1;
inline constexpr uint8_t kStvHidden = 2;
inline constexpr uint8_t kStvProtected = 3;

// Symbol versions.
inline constexpr uint16_t kVerNdxLocal = 0;
inline constexpr uint16_t kVerNdxGlobal = 1;
inline constexpr uint16_t kVersymHidden = 0x8000;
inline constexpr uint16_t kVersymVersion = 0x7fff;
inline constexpr uint16_t kVerFlgBase = 1;
inline constexpr uint16_t kVerFlgWeak = 2;

// Note types of owner "GNU".
inline constexpr uint32_t kNtGnuAbiTag = 1;
inline constexpr uint32_t kNtGnuBuildId = 3;
inline constexpr uint32_t kNtGnuPropertyType0 = 5;

}  // namespace relink::elf

#endif  // RELINK_ELF_CONSTANTS_H_
