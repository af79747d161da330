// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/constants.h"

// The system's names are macros, so its header comes after all of ours.
#include <elf.h>

#include "gtest/gtest.h"

namespace relink::elf {
namespace {

#define EXPECT_SAME(ours, theirs) \
  EXPECT_EQ(static_cast<int64_t>(ours), static_cast<int64_t>(theirs)) << #theirs

TEST(Constants, OfTheFileHeaderAreTheSystems) {
  EXPECT_SAME(kEiClass, EI_CLASS);
  EXPECT_SAME(kEiData, EI_DATA);
  EXPECT_SAME(kEiVersion, EI_VERSION);
  EXPECT_SAME(kEiOsabi, EI_OSABI);
  EXPECT_SAME(kEiNident, EI_NIDENT);
  EXPECT_SAME(kElfClass32, ELFCLASS32);
  EXPECT_SAME(kElfClass64, ELFCLASS64);
  EXPECT_SAME(kElfData2Lsb, ELFDATA2LSB);
  EXPECT_SAME(kElfData2Msb, ELFDATA2MSB);
  EXPECT_SAME(kEvCurrent, EV_CURRENT);
  EXPECT_SAME(kEtNone, ET_NONE);
  EXPECT_SAME(kEtRel, ET_REL);
  EXPECT_SAME(kEtExec, ET_EXEC);
  EXPECT_SAME(kEtDyn, ET_DYN);
  EXPECT_SAME(kEtCore, ET_CORE);
  EXPECT_SAME(kEm386, EM_386);
  EXPECT_SAME(kEmArm, EM_ARM);
  EXPECT_SAME(kEmX86_64, EM_X86_64);
  EXPECT_SAME(kEmAarch64, EM_AARCH64);
  EXPECT_SAME(kEmRiscv, EM_RISCV);
#ifdef EM_LOONGARCH
  EXPECT_SAME(kEmLoongarch, EM_LOONGARCH);
#endif
  EXPECT_SAME(kPnXnum, PN_XNUM);
}

TEST(Constants, OfSegmentsAreTheSystems) {
  EXPECT_SAME(kPtNull, PT_NULL);
  EXPECT_SAME(kPtLoad, PT_LOAD);
  EXPECT_SAME(kPtDynamic, PT_DYNAMIC);
  EXPECT_SAME(kPtInterp, PT_INTERP);
  EXPECT_SAME(kPtNote, PT_NOTE);
  EXPECT_SAME(kPtShlib, PT_SHLIB);
  EXPECT_SAME(kPtPhdr, PT_PHDR);
  EXPECT_SAME(kPtTls, PT_TLS);
  EXPECT_SAME(kPtGnuEhFrame, PT_GNU_EH_FRAME);
  EXPECT_SAME(kPtGnuStack, PT_GNU_STACK);
  EXPECT_SAME(kPtGnuRelro, PT_GNU_RELRO);
  EXPECT_SAME(kPtGnuProperty, PT_GNU_PROPERTY);
  EXPECT_SAME(kPfX, PF_X);
  EXPECT_SAME(kPfW, PF_W);
  EXPECT_SAME(kPfR, PF_R);
}

TEST(Constants, OfSectionsAreTheSystems) {
  EXPECT_SAME(kShnUndef, SHN_UNDEF);
  EXPECT_SAME(kShnLoreserve, SHN_LORESERVE);
  EXPECT_SAME(kShnAbs, SHN_ABS);
  EXPECT_SAME(kShnCommon, SHN_COMMON);
  EXPECT_SAME(kShnXindex, SHN_XINDEX);
  EXPECT_SAME(kShtNull, SHT_NULL);
  EXPECT_SAME(kShtProgbits, SHT_PROGBITS);
  EXPECT_SAME(kShtSymtab, SHT_SYMTAB);
  EXPECT_SAME(kShtStrtab, SHT_STRTAB);
  EXPECT_SAME(kShtRela, SHT_RELA);
  EXPECT_SAME(kShtHash, SHT_HASH);
  EXPECT_SAME(kShtDynamic, SHT_DYNAMIC);
  EXPECT_SAME(kShtNote, SHT_NOTE);
  EXPECT_SAME(kShtNobits, SHT_NOBITS);
  EXPECT_SAME(kShtRel, SHT_REL);
  EXPECT_SAME(kShtShlib, SHT_SHLIB);
  EXPECT_SAME(kShtDynsym, SHT_DYNSYM);
  EXPECT_SAME(kShtInitArray, SHT_INIT_ARRAY);
  EXPECT_SAME(kShtFiniArray, SHT_FINI_ARRAY);
  EXPECT_SAME(kShtPreinitArray, SHT_PREINIT_ARRAY);
  EXPECT_SAME(kShtGroup, SHT_GROUP);
  EXPECT_SAME(kShtSymtabShndx, SHT_SYMTAB_SHNDX);
#ifdef SHT_RELR
  EXPECT_SAME(kShtRelr, SHT_RELR);
#endif
  EXPECT_SAME(kShtGnuHash, SHT_GNU_HASH);
  EXPECT_SAME(kShtGnuVerdef, SHT_GNU_verdef);
  EXPECT_SAME(kShtGnuVerneed, SHT_GNU_verneed);
  EXPECT_SAME(kShtGnuVersym, SHT_GNU_versym);
  EXPECT_SAME(kShfWrite, SHF_WRITE);
  EXPECT_SAME(kShfAlloc, SHF_ALLOC);
  EXPECT_SAME(kShfExecinstr, SHF_EXECINSTR);
  EXPECT_SAME(kShfMerge, SHF_MERGE);
  EXPECT_SAME(kShfStrings, SHF_STRINGS);
  EXPECT_SAME(kShfInfoLink, SHF_INFO_LINK);
  EXPECT_SAME(kShfLinkOrder, SHF_LINK_ORDER);
  EXPECT_SAME(kShfGroup, SHF_GROUP);
  EXPECT_SAME(kShfTls, SHF_TLS);
  EXPECT_SAME(kShfCompressed, SHF_COMPRESSED);
}

TEST(Constants, OfTheDynamicTableAreTheSystems) {
  EXPECT_SAME(kDtNull, DT_NULL);
  EXPECT_SAME(kDtNeeded, DT_NEEDED);
  EXPECT_SAME(kDtPltrelsz, DT_PLTRELSZ);
  EXPECT_SAME(kDtPltgot, DT_PLTGOT);
  EXPECT_SAME(kDtHash, DT_HASH);
  EXPECT_SAME(kDtStrtab, DT_STRTAB);
  EXPECT_SAME(kDtSymtab, DT_SYMTAB);
  EXPECT_SAME(kDtRela, DT_RELA);
  EXPECT_SAME(kDtRelasz, DT_RELASZ);
  EXPECT_SAME(kDtRelaent, DT_RELAENT);
  EXPECT_SAME(kDtStrsz, DT_STRSZ);
  EXPECT_SAME(kDtSyment, DT_SYMENT);
  EXPECT_SAME(kDtInit, DT_INIT);
  EXPECT_SAME(kDtFini, DT_FINI);
  EXPECT_SAME(kDtSoname, DT_SONAME);
  EXPECT_SAME(kDtRpath, DT_RPATH);
  EXPECT_SAME(kDtSymbolic, DT_SYMBOLIC);
  EXPECT_SAME(kDtRel, DT_REL);
  EXPECT_SAME(kDtRelsz, DT_RELSZ);
  EXPECT_SAME(kDtRelent, DT_RELENT);
  EXPECT_SAME(kDtPltrel, DT_PLTREL);
  EXPECT_SAME(kDtDebug, DT_DEBUG);
  EXPECT_SAME(kDtTextrel, DT_TEXTREL);
  EXPECT_SAME(kDtJmprel, DT_JMPREL);
  EXPECT_SAME(kDtBindNow, DT_BIND_NOW);
  EXPECT_SAME(kDtInitArray, DT_INIT_ARRAY);
  EXPECT_SAME(kDtFiniArray, DT_FINI_ARRAY);
  EXPECT_SAME(kDtInitArraysz, DT_INIT_ARRAYSZ);
  EXPECT_SAME(kDtFiniArraysz, DT_FINI_ARRAYSZ);
  EXPECT_SAME(kDtRunpath, DT_RUNPATH);
  EXPECT_SAME(kDtFlags, DT_FLAGS);
  EXPECT_SAME(kDtPreinitArray, DT_PREINIT_ARRAY);
  EXPECT_SAME(kDtPreinitArraysz, DT_PREINIT_ARRAYSZ);
  EXPECT_SAME(kDtSymtabShndx, DT_SYMTAB_SHNDX);
#ifdef DT_RELR
  EXPECT_SAME(kDtRelrsz, DT_RELRSZ);
  EXPECT_SAME(kDtRelr, DT_RELR);
  EXPECT_SAME(kDtRelrent, DT_RELRENT);
#endif
  EXPECT_SAME(kDtGnuHash, DT_GNU_HASH);
  EXPECT_SAME(kDtVersym, DT_VERSYM);
  EXPECT_SAME(kDtRelacount, DT_RELACOUNT);
  EXPECT_SAME(kDtRelcount, DT_RELCOUNT);
  EXPECT_SAME(kDtFlags1, DT_FLAGS_1);
  EXPECT_SAME(kDtVerdef, DT_VERDEF);
  EXPECT_SAME(kDtVerdefnum, DT_VERDEFNUM);
  EXPECT_SAME(kDtVerneed, DT_VERNEED);
  EXPECT_SAME(kDtVerneednum, DT_VERNEEDNUM);
  EXPECT_SAME(kDfOrigin, DF_ORIGIN);
  EXPECT_SAME(kDfSymbolic, DF_SYMBOLIC);
  EXPECT_SAME(kDfTextrel, DF_TEXTREL);
  EXPECT_SAME(kDfBindNow, DF_BIND_NOW);
  EXPECT_SAME(kDfStaticTls, DF_STATIC_TLS);
  EXPECT_SAME(kDf1Now, DF_1_NOW);
  EXPECT_SAME(kDf1Nodelete, DF_1_NODELETE);
  EXPECT_SAME(kDf1Pie, DF_1_PIE);
}

TEST(Constants, OfSymbolsVersionsAndNotesAreTheSystems) {
  EXPECT_SAME(kStbLocal, STB_LOCAL);
  EXPECT_SAME(kStbGlobal, STB_GLOBAL);
  EXPECT_SAME(kStbWeak, STB_WEAK);
  EXPECT_SAME(kStbGnuUnique, STB_GNU_UNIQUE);
  EXPECT_SAME(kSttNotype, STT_NOTYPE);
  EXPECT_SAME(kSttObject, STT_OBJECT);
  EXPECT_SAME(kSttFunc, STT_FUNC);
  EXPECT_SAME(kSttSection, STT_SECTION);
  EXPECT_SAME(kSttFile, STT_FILE);
  EXPECT_SAME(kSttCommon, STT_COMMON);
  EXPECT_SAME(kSttTls, STT_TLS);
  EXPECT_SAME(kSttGnuIfunc, STT_GNU_IFUNC);
  EXPECT_SAME(kStvDefault, STV_DEFAULT);
  EXPECT_SAME(kStvInternal, STV_INTERNAL);
  EXPECT_SAME(kStvHidden, STV_HIDDEN);
  EXPECT_SAME(kStvProtected, STV_PROTECTED);
  EXPECT_SAME(kVerNdxLocal, VER_NDX_LOCAL);
  EXPECT_SAME(kVerNdxGlobal, VER_NDX_GLOBAL);
  EXPECT_SAME(kVerFlgBase, VER_FLG_BASE);
  EXPECT_SAME(kVerFlgWeak, VER_FLG_WEAK);
  EXPECT_SAME(kNtGnuAbiTag, NT_GNU_ABI_TAG);
  EXPECT_SAME(kNtGnuBuildId, NT_GNU_BUILD_ID);
  EXPECT_SAME(kNtGnuPropertyType0, NT_GNU_PROPERTY_TYPE_0);
}

}  // namespace
}  // namespace relink::elf
