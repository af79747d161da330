// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/elf_names.h"

#include <elf.h>

#include "gtest/gtest.h"

namespace relink::tools {
namespace {

TEST(ElfNames, AreTheSpecificationsNames) {
  EXPECT_EQ(MachineName(EM_X86_64), "x86-64");
  EXPECT_EQ(MachineName(EM_PPC64), "powerpc64");
  EXPECT_EQ(FileTypeName(ET_DYN), "DYN");
  EXPECT_EQ(SegmentTypeName(PT_GNU_RELRO), "GNU_RELRO");
  EXPECT_EQ(SectionTypeName(SHT_INIT_ARRAY), "INIT_ARRAY");
  EXPECT_EQ(SymbolTypeName(STT_GNU_IFUNC), "IFUNC");
  EXPECT_EQ(SymbolBindName(STB_GNU_UNIQUE), "UNIQUE");
  EXPECT_EQ(SymbolVisibilityName(STV_PROTECTED), "PROTECTED");
}

TEST(ElfNames, AreNumbersWhereThereIsNoName) {
  EXPECT_EQ(MachineName(0xfffe), "0xfffe");
  EXPECT_EQ(SegmentTypeName(0x70000001), "0x70000001");
  EXPECT_EQ(SymbolTypeName(13), "0xd");
}

TEST(ElfNames, SpellFlagsAsLetters) {
  EXPECT_EQ(SegmentFlags(PF_R | PF_X), "RX");
  EXPECT_EQ(SegmentFlags(0), "-");
  EXPECT_EQ(SectionFlags(SHF_ALLOC | SHF_WRITE | SHF_TLS), "WAT");
  EXPECT_EQ(SectionFlags(0), "-");
}

}  // namespace
}  // namespace relink::tools
