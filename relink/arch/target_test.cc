// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/arch/target.h"

#include <elf.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <set>

#include "gtest/gtest.h"
#include "relink/arch/instruction.h"
#include "relink/arch/relocation_rule.h"
#include "relink/support/string_ref.h"

namespace relink {
namespace {

// A row as the psABI has it, its number from the system's <elf.h>.
struct ExpectedRule {
  uint32_t r_type;
  const char* name;
  Formula formula;
  Field field = Field::kNone;
  Fit fit = Fit::kWraps;
};
#define ROW(type, ...) \
  { type, #type, __VA_ARGS__ }

constexpr ExpectedRule kX86_64Rules[] = {
    // clang-format off
    ROW(R_X86_64_NONE,       Formula::kNone),
    ROW(R_X86_64_64,         Formula::kSymbol,        Field::k64),
    ROW(R_X86_64_PC32,       Formula::kPcRelative,    Field::k32, Fit::kSigned),
    ROW(R_X86_64_PLT32,      Formula::kPcRelative,    Field::k32, Fit::kSigned),
    ROW(R_X86_64_COPY,       Formula::kCopy),
    ROW(R_X86_64_GLOB_DAT,   Formula::kAddress,       Field::k64),
    ROW(R_X86_64_JUMP_SLOT,  Formula::kAddress,       Field::k64),
    ROW(R_X86_64_RELATIVE,   Formula::kRelative,      Field::k64),
    ROW(R_X86_64_32,         Formula::kSymbol,        Field::k32, Fit::kUnsigned),
    ROW(R_X86_64_32S,        Formula::kSymbol,        Field::k32, Fit::kSigned),
    ROW(R_X86_64_16,         Formula::kSymbol,        Field::k16, Fit::kEither),
    ROW(R_X86_64_PC16,       Formula::kPcRelative,    Field::k16, Fit::kSigned),
    ROW(R_X86_64_8,          Formula::kSymbol,        Field::k8,  Fit::kEither),
    ROW(R_X86_64_PC8,        Formula::kPcRelative,    Field::k8,  Fit::kSigned),
    ROW(R_X86_64_DTPMOD64,   Formula::kTlsModule,     Field::k64),
    ROW(R_X86_64_DTPOFF64,   Formula::kTlsOffset,     Field::k64),
    ROW(R_X86_64_TPOFF64,    Formula::kThreadOffset,  Field::k64),
    ROW(R_X86_64_TPOFF32,    Formula::kThreadOffset,  Field::k32, Fit::kSigned),
    ROW(R_X86_64_PC64,       Formula::kPcRelative,    Field::k64),
    ROW(R_X86_64_GOTOFF64,   Formula::kGotOffset,     Field::k64),
    ROW(R_X86_64_SIZE32,     Formula::kSize,          Field::k32, Fit::kUnsigned),
    ROW(R_X86_64_SIZE64,     Formula::kSize,          Field::k64),
    ROW(R_X86_64_TLSDESC,    Formula::kTlsDescriptor, Field::k64),
    ROW(R_X86_64_IRELATIVE,  Formula::kIndirect,      Field::k64),
    ROW(R_X86_64_RELATIVE64, Formula::kRelative,      Field::k64),
    // clang-format on
};
#undef ROW

const Target* X86_64Target() {
  return FindTarget(EM_X86_64, ELFCLASS64, ELFDATA2LSB);
}

TEST(X86_64Rules, AreThoseOfThePsAbi) {
  ASSERT_NE(X86_64Target(), nullptr);
  for (const ExpectedRule& expected : kX86_64Rules) {
    const RelocationRule& rule = X86_64Target()->Rule(expected.r_type);
    EXPECT_EQ(rule.r_type, expected.r_type) << expected.name;
    EXPECT_STREQ(rule.name, expected.name);
    EXPECT_EQ(rule.formula, expected.formula) << expected.name;
    EXPECT_EQ(rule.field, expected.field) << expected.name;
    EXPECT_EQ(rule.fit, expected.fit) << expected.name;
  }
}

TEST(X86_64Rules, AreNoMoreThanThose) {
  std::set<uint32_t> expected;
  for (const ExpectedRule& rule : kX86_64Rules) expected.insert(rule.r_type);
  for (uint32_t type = 0; type < 256; ++type) {
    EXPECT_EQ(X86_64Target()->Rule(type).formula != Formula::kUnknown,
              expected.contains(type))
        << type;
  }
}

TEST(X86_64Rules, OfCallsSkipWhatIsNotDefined) {
  // glibc's ELF_RTYPE_CLASS_PLT: jump slots and all of TLS.
  const std::set<uint32_t> calls = {R_X86_64_PLT32,    R_X86_64_JUMP_SLOT,
                                    R_X86_64_DTPMOD64, R_X86_64_DTPOFF64,
                                    R_X86_64_TPOFF64,  R_X86_64_TPOFF32,
                                    R_X86_64_TLSDESC};
  for (const RelocationRule& rule : X86_64Target()->rules) {
    EXPECT_EQ(rule.lookup == Lookup::kCall, calls.contains(rule.r_type))
        << rule.name;
    EXPECT_EQ(rule.lookup == Lookup::kCopy, rule.r_type == R_X86_64_COPY)
        << rule.name;
  }
}

TEST(Target, HasNoRuleForOtherTypes) {
  // Static linking only, withdrawn, and beyond any table.
  for (const uint32_t type : {uint32_t{R_X86_64_GOT32}, 39u, UINT32_MAX}) {
    EXPECT_EQ(X86_64Target()->Rule(type).formula, Formula::kUnknown) << type;
    EXPECT_STREQ(X86_64Target()->Rule(type).name, "unknown");
  }
}

TEST(Target, KnowsWhatDtRelrMeans) {
  EXPECT_STREQ(X86_64Target()->RelativeRule().name, "R_X86_64_RELATIVE");
  const Target without{.name = "none",
                       .machine = 0,
                       .elf_class = 0,
                       .byte_order = 0,
                       .tls_variant = TlsVariant::kAboveThreadPointer,
                       .rules = {}};
  EXPECT_EQ(without.RelativeRule().formula, Formula::kUnknown);
}

TEST(Target, FindsTheRuleOfAFormulaAndAField) {
  const RelocationRule* pc32 =
      X86_64Target()->FindRule(Formula::kPcRelative, Field::k32);
  ASSERT_NE(pc32, nullptr);
  EXPECT_STREQ(pc32->name, "R_X86_64_PC32");  // Not PLT32, which comes later.
  const RelocationRule* address =
      X86_64Target()->FindRule(Formula::kSymbol, Field::k64);
  ASSERT_NE(address, nullptr);
  EXPECT_STREQ(address->name, "R_X86_64_64");
  EXPECT_EQ(X86_64Target()->FindRule(Formula::kTlsModule, Field::k32), nullptr);
}

TEST(Target, DecodesItsInstructions) {
  DecodeFunction* decode = X86_64Target()->decode;
  ASSERT_NE(decode, nullptr);
  const std::array ret = {std::byte{0xc3}};
  Instruction instruction;
  EXPECT_TRUE(decode(ret, &instruction));
  EXPECT_EQ(instruction.length, 1);
  EXPECT_EQ(instruction.flow, Flow::kReturn);
}

TEST(FindTarget, NeedsMachineClassAndByteOrder) {
  EXPECT_STREQ(X86_64Target()->name, "x86_64");
  EXPECT_EQ(X86_64Target()->tls_variant, TlsVariant::kBelowThreadPointer);
  // x32 has the machine of x86-64.
  EXPECT_EQ(FindTarget(EM_X86_64, ELFCLASS32, ELFDATA2LSB), nullptr);
  EXPECT_EQ(FindTarget(EM_X86_64, ELFCLASS64, ELFDATA2MSB), nullptr);
  EXPECT_EQ(FindTarget(EM_NONE, ELFCLASS64, ELFDATA2LSB), nullptr);
}

TEST(HostTarget, IsTheOneOfThisProgramsOwnFile) {
  Elf64_Ehdr header;
  std::FILE* self = std::fopen("/proc/self/exe", "rb");
  ASSERT_NE(self, nullptr);
  ASSERT_EQ(std::fread(&header, sizeof(header), 1, self), 1u);
  std::fclose(self);
  EXPECT_EQ(&HostTarget(),
            FindTarget(header.e_machine, header.e_ident[EI_CLASS],
                       header.e_ident[EI_DATA]));
}

TEST(Target, IsFoundByName) {
  EXPECT_EQ(FindTarget("x86_64"), X86_64Target());
  EXPECT_EQ(FindTarget("x86_6"), nullptr);
  EXPECT_EQ(FindTarget("x86_64a"), nullptr);
}

TEST(Target, FindsRulesByName) {
  for (const ExpectedRule& row : kX86_64Rules) {
    const RelocationRule* rule =
        X86_64Target()->FindRule(StringRef(row.name, std::strlen(row.name)));
    ASSERT_NE(rule, nullptr) << row.name;
    EXPECT_EQ(rule->r_type, row.r_type);
  }
  EXPECT_EQ(X86_64Target()->FindRule("R_X86_64_PC"), nullptr);
  EXPECT_EQ(X86_64Target()->FindRule(""), nullptr);
}

}  // namespace
}  // namespace relink
