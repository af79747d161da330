// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/arch/x86_64_decoder.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "relink/arch/hex_code.h"
#include "relink/arch/instruction.h"

namespace relink {
namespace {

constexpr uint8_t kRax = 0, kR11 = 11;

// Decodes `text`, which must be one instruction and nothing behind it.
Instruction Decode(const char* text) {
  const HexCode code(text);
  Instruction instruction;
  EXPECT_TRUE(DecodeX86_64(code.bytes(), &instruction)) << text;
  EXPECT_EQ(instruction.length, code.bytes().size()) << text;
  return instruction;
}

bool IsRefused(const char* text) {
  // With enough behind it for whatever it may be taken for.
  Instruction instruction;
  return !DecodeX86_64(HexCode(text).padded(), &instruction);
}

TEST(DecodeX86_64, MeasuresImmediatesByOperandSize) {
  Decode("68 01 02 03 04");                 // push $0x4030201
  Decode("66 68 01 02");                    // pushw $0x201
  Decode("48 c7 c0 01 02 03 04");           // mov $0x4030201, %rax
  Decode("66 c7 c0 01 02");                 // mov $0x201, %ax
  Decode("66 48 c7 c0 01 02 03 04");        // REX.W is stronger than 66
  Decode("48 b8 01 02 03 04 05 06 07 08");  // movabs
  Decode("b8 01 02 03 04");                 // mov $0x4030201, %eax
  Decode("66 b8 01 02");                    // mov $0x201, %ax
  Decode("b0 01");                          // mov $1, %al
  Decode("48 a1 01 02 03 04 05 06 07 08");  // mov 0x807060504030201, %rax
  Decode("67 a1 01 02 03 04");              // mov 0x4030201, %eax
  Decode("c8 10 00 01");                    // enter $16, $1
  Decode("c2 08 00");                       // ret $8
  Decode("69 c0 01 02 03 04");              // imul $0x4030201, %eax, %eax
  Decode("6b c0 01");                       // imul $1, %eax, %eax
  Decode("c6 f8 01");                       // xabort $1
  Decode("66 0f 78 c0 01 02");              // extrq $2, $1, %xmm0
  Decode("f2 0f 78 c1 01 02");              // insertq $2, $1, %xmm1, %xmm0
}

TEST(DecodeX86_64, MeasuresTheImmediateThatOnlyTestHas) {
  Decode("f7 c0 01 02 03 04");     // test $0x4030201, %eax
  Decode("66 f7 c0 01 02");        // test $0x201, %ax
  Decode("f6 c1 01");              // test $1, %cl
  Decode("f7 c8 01 02 03 04");     // /1 is test, too
  Decode("f7 d8");                 // neg %eax
  Decode("f6 e1");                 // mul %cl
  Decode("f6 05 00 00 00 00 01");  // testb $1, (%rip)
}

TEST(DecodeX86_64, MeasuresMemoryOperands) {
  Decode("8b 00");                    // mov (%rax), %eax
  Decode("8b 40 08");                 // mov 8(%rax), %eax
  Decode("8b 80 01 02 03 04");        // mov 0x4030201(%rax), %eax
  Decode("8b 04 24");                 // mov (%rsp), %eax
  Decode("8b 45 00");                 // mov 0(%rbp), %eax
  Decode("8b 04 25 01 02 03 04");     // mov 0x4030201, %eax
  Decode("8b 04 8d 01 02 03 04");     // mov 0x4030201(,%rcx,4), %eax
  Decode("41 8b 04 24");              // mov (%r12), %eax
  Decode("41 8b 45 00");              // mov 0(%r13), %eax
  Decode("67 8b 84 88 01 02 03 04");  // mov 0x4030201(%eax,%ecx,4), %eax
}

TEST(DecodeX86_64, MeasuresEveryMap) {
  Decode("f3 0f a7 c8");                 // xcrypt-ecb
  Decode("0f af c1");                    // imul %ecx, %eax
  Decode("66 0f 38 00 c1");              // pshufb
  Decode("66 0f 3a 0f c1 08");           // palignr
  Decode("0f 0f c1 9e");                 // pfadd
  Decode("d9 c0");                       // fld %st(0)
  Decode("dd 44 24 08");                 // fldl 8(%rsp)
  Decode("c5 f8 77");                    // vzeroupper
  Decode("c5 f9 70 c1 1b");              // vpshufd
  Decode("c5 f1 72 d0 04");              // vpsrld $4
  Decode("c4 e2 7d 58 05 00 00 00 00");  // vpbroadcastd (%rip)
  Decode("c4 e3 fd 00 c1 4e");           // vpermq
  Decode("c4 e2 71 92 04 82");           // vgatherdps
  Decode("62 f1 7c 48 28 c1");           // vmovaps zmm
  Decode("62 f1 7c 48 28 40 01");        // vmovaps 64(%rax)
  Decode("62 f3 75 48 25 c2 ff");        // vpternlogd
  Decode("62 f5 7c 48 58 c1");           // vaddph
  Decode("62 f6 7d 48 42 c1");           // vgetexpph
  Decode("8f e8 78 a2 c1 00");           // vpcmov
  Decode("8f e9 78 01 c8");              // blcfill
  Decode("8f ea 78 10 c8 01 02 03 04");  // bextr
  Decode("8f 00");                       // pop (%rax)
  Decode("c4 e2 7b 49 c0");              // tilezero
  Decode("0f 38 c8 c1");                 // sha1nexte
}

TEST(DecodeX86_64, TakesPrefixesInAnyOrder) {
  Decode("66 2e 0f 1f 84 00 00 00 00 00");
  Decode("f3 48 0f b8 c1");              // popcnt
  Decode("66 f3 0f b8 c1");              // popcnt %cx, %ax
  Decode("f0 48 0f b1 0f");              // lock cmpxchg
  Decode("64 48 8b 04 25 28 00 00 00");  // mov %fs:0x28, %rax
  Decode("f2 ff 25 00 00 00 00");        // bnd jmp *(%rip)
  Decode("3e ff e0");                    // notrack jmp *%rax
}

TEST(DecodeX86_64, DropsARexInFrontOfAnotherPrefix) {
  const Instruction instruction = Decode("4c 66 b8 01 02");  // mov, %ax
  EXPECT_EQ(instruction.operand_size, 2);
  EXPECT_EQ(instruction.may_write, 1 << kRax);
}

TEST(DecodeX86_64, TakesFifteenBytesAtMost) {
  Decode("66 66 66 66 66 66 2e 0f 1f 84 00 00 00 00 00");
  EXPECT_TRUE(IsRefused("66 66 66 66 66 66 66 2e 0f 1f 84 00 00 00 00 00"));
  EXPECT_TRUE(IsRefused("66 66 66 66 66 66 66 66 66 66 66 66 66 66 66 66"));
}

TEST(DecodeX86_64, RefusesWhatIsCutOffAnywhere) {
  for (const char* text :
       {"66 2e 0f 1f 84 00 00 00 00 00", "48 b8 01 02 03 04 05 06 07 08",
        "48 81 84 c8 01 02 03 04 05 06 07 08", "c4 e3 fd 00 05 00 00 00 00 4e",
        "62 f3 75 48 25 84 c8 01 02 03 04 ff", "0f 38 f0 04 25 00 00 00 00",
        "e8 00 00 00 00", "8f ea 78 10 c8 01 02 03 04", "c8 10 00 01"}) {
    const HexCode code(text);
    Instruction instruction;
    EXPECT_TRUE(DecodeX86_64(code.bytes(), &instruction)) << text;
    for (size_t size = 0; size < code.bytes().size(); ++size) {
      // A copy, so that a sanitizer sees what is read behind it.
      const auto shorter = code.bytes().first(size);
      const std::vector<std::byte> part(shorter.begin(), shorter.end());
      EXPECT_FALSE(DecodeX86_64(part, &instruction)) << text << ": " << size;
    }
  }
}

TEST(DecodeX86_64, RefusesWhatIsNotValidIn64BitMode) {
  for (const char* text : {"06", "07", "0e",    "16",    "17", "1e", "1f",
                           "27", "2f", "37",    "3f",    "60", "61", "82 c0 00",
                           "9a", "ce", "d4 0a", "d5 0a", "d6", "ea"}) {
    EXPECT_TRUE(IsRefused(text)) << text;
  }
}

TEST(DecodeX86_64, RefusesWhatNoInstructionIs) {
  for (const char* text : {"0f 04",
                           "0f 0a",
                           "0f 24 c0",
                           "0f 36",
                           "0f a6 d8",
                           "ff f8",           // ff /7
                           "fe d0",           // fe /2
                           "c6 c8 00",        // c6 /1
                           "8f c8",           // 8f /1
                           "8d c0",           // lea of a register
                           "0f ba c0 00",     // 0f ba /0
                           "0f c7 c0",        // 0f c7 /0 of a register
                           "0f b8 c0",        // popcnt without f3
                           "f3 0f 28 c0",     // movaps with f3
                           "f2 0f 38 00 c0",  // pshufb with f2
                           "66 c5 f8 77",
                           "48 c5 f8 77",        // VEX with another prefix
                           "c4 e8 78 a2 c1 00",  // XOP's map with VEX
                           "62 f1 78 48 28 c1",  // EVEX with its fixed bit 0
                           "62 fc 7c 48 28 c1",  // APX's map 4
                           "c4 e2 71 92 00",     // gather without an index
                           "d9 d1",              // x87, not assigned
                           "0f 20 c8"}) {        // mov %cr1
    EXPECT_TRUE(IsRefused(text)) << text;
  }
}

TEST(DecodeX86_64, FindsTheTargetOfDirectBranches) {
  struct Branch {
    const char* text;
    Flow flow;
    uint8_t field_offset;
    uint8_t field_size;
    int32_t displacement;
  };
  for (const Branch& branch : {
           Branch{"e8 01 02 03 04", Flow::kCall, 1, 4, 0x4030201},
           Branch{"e9 fb ff ff ff", Flow::kJump, 1, 4, -5},
           Branch{"eb fe", Flow::kJump, 1, 1, -2},
           Branch{"74 05", Flow::kConditional, 1, 1, 5},
           Branch{"0f 85 01 02 03 04", Flow::kConditional, 2, 4, 0x4030201},
           Branch{"2e 74 05", Flow::kConditional, 2, 1, 5},
           Branch{"e2 f0", Flow::kConditional, 1, 1, -16},
           Branch{"67 e3 10", Flow::kConditional, 2, 1, 16},
           Branch{"c7 f8 01 02 03 04", Flow::kConditional, 2, 4, 0x4030201},
           Branch{"67 e8 01 02 03 04", Flow::kCall, 2, 4, 0x4030201},
           Branch{"f2 e9 01 02 03 04", Flow::kJump, 2, 4, 0x4030201},
           // As the linker finds it in a TLS sequence.
           Branch{"66 66 48 e8 01 02 03 04", Flow::kCall, 4, 4, 0x4030201},
       }) {
    const Instruction instruction = Decode(branch.text);
    EXPECT_EQ(instruction.flow, branch.flow) << branch.text;
    EXPECT_EQ(instruction.field_offset, branch.field_offset) << branch.text;
    EXPECT_EQ(instruction.field_size, branch.field_size) << branch.text;
    EXPECT_EQ(instruction.displacement, branch.displacement) << branch.text;
    EXPECT_FALSE(instruction.pc_relative_memory) << branch.text;
  }
}

TEST(DecodeX86_64, RefusesBranchesThatProcessorsDisagreeAbout) {
  for (const char* text : {"66 e8", "66 e9", "66 eb 00", "66 74 00", "66 0f 84",
                           "66 c7 f8", "66 ff d0", "66 ff e0"}) {
    EXPECT_TRUE(IsRefused(text)) << text;
  }
}

TEST(DecodeX86_64, NamesTheConditionOfAJump) {
  EXPECT_EQ(Decode("77 00").condition, 7);              // ja
  EXPECT_EQ(Decode("0f 87 00 00 00 00").condition, 7);  // ja
  EXPECT_EQ(Decode("e2 00").condition, kNoCondition);   // loop
  EXPECT_EQ(Decode("e3 00").condition, kNoCondition);   // jrcxz
  EXPECT_EQ(Decode("c7 f8 00 00 00 00").condition, kNoCondition);
  EXPECT_EQ(Decode("eb 00").condition, kNoCondition);
}

TEST(DecodeX86_64, KnowsWhereIndirectBranchesGo) {
  const Instruction by_register = Decode("41 ff e3");  // jmp *%r11
  EXPECT_EQ(by_register.flow, Flow::kIndirectJump);
  EXPECT_FALSE(by_register.memory);
  EXPECT_EQ(by_register.rm, kR11);

  const Instruction call = Decode("ff d0");  // call *%rax
  EXPECT_EQ(call.flow, Flow::kIndirectCall);
  EXPECT_EQ(call.rm, kRax);

  const Instruction table = Decode("ff 24 c5 00 10 40 00");
  EXPECT_EQ(table.flow, Flow::kIndirectJump);  // jmp *0x401000(,%rax,8)
  EXPECT_TRUE(table.memory);
  EXPECT_EQ(table.rm, kNoRegister);
  EXPECT_EQ(table.base, kNoRegister);
  EXPECT_EQ(table.index, kRax);
  EXPECT_EQ(table.scale, 8);
  EXPECT_EQ(table.memory_displacement, 0x401000);

  const Instruction slot = Decode("ff 15 01 02 03 04");  // call *slot(%rip)
  EXPECT_EQ(slot.flow, Flow::kIndirectCall);
  EXPECT_TRUE(slot.pc_relative_memory);
  EXPECT_EQ(slot.field_offset, 2);
  EXPECT_EQ(slot.displacement, 0x4030201);
}

TEST(DecodeX86_64, KnowsAfterWhatNothingFollows) {
  for (const char* text : {"0f 0b", "cc", "f4", "0f ff c0", "0f b9 c0"}) {
    EXPECT_EQ(Decode(text).flow, Flow::kStop) << text;
  }
  for (const char* text : {"c3", "f3 c3", "c2 08 00", "48 cf", "0f 07"}) {
    EXPECT_EQ(Decode(text).flow, Flow::kReturn) << text;
  }
  for (const char* text : {"cd 80", "0f 05", "ff c0", "ff 30", "f1"}) {
    EXPECT_EQ(Decode(text).flow, Flow::kNext) << text;
  }
}

TEST(DecodeX86_64, FindsPcRelativeOperandsInFrontOfAnImmediate) {
  struct Operand {
    const char* text;
    uint8_t field_offset;
    uint8_t opcode_offset;
  };
  for (const Operand& operand : {
           Operand{"48 8d 05 fe ff ff ff", 3, 1},  // lea
           Operand{"8b 05 fe ff ff ff", 2, 0},     // mov
           Operand{"80 3d fe ff ff ff 00", 2, 0},  // cmpb
           Operand{"48 c7 05 fe ff ff ff 01 02 03 04", 3, 1},
           Operand{"66 0f 6f 05 fe ff ff ff", 4, 1},        // movdqa
           Operand{"66 0f 3a 0f 05 fe ff ff ff 08", 5, 1},  // palignr
           Operand{"c5 f9 6f 05 fe ff ff ff", 4, 0},        // vmovdqa
           Operand{"c4 e2 7d 58 05 fe ff ff ff", 5, 0},     // vpbroadcastd
           Operand{"62 f1 7d 48 6f 05 fe ff ff ff", 6, 0},  // vmovdqa32
           Operand{"f0 0f c1 05 fe ff ff ff", 4, 1},        // lock xadd
           Operand{"66 48 8d 3d fe ff ff ff", 4, 2},        // TLSGD's lea
       }) {
    const Instruction instruction = Decode(operand.text);
    EXPECT_TRUE(instruction.pc_relative_memory) << operand.text;
    EXPECT_TRUE(instruction.memory) << operand.text;
    EXPECT_EQ(instruction.base, kNoRegister) << operand.text;
    EXPECT_EQ(instruction.field_offset, operand.field_offset) << operand.text;
    EXPECT_EQ(instruction.field_size, 4) << operand.text;
    EXPECT_EQ(instruction.displacement, -2) << operand.text;
    EXPECT_EQ(instruction.opcode_offset, operand.opcode_offset) << operand.text;
  }
}

TEST(DecodeX86_64, TellsAbsoluteFromPcRelativeAddresses) {
  const Instruction absolute = Decode("8b 04 25 01 02 03 04");
  EXPECT_FALSE(absolute.pc_relative_memory);
  EXPECT_EQ(absolute.field_size, 0);
  EXPECT_EQ(absolute.base, kNoRegister);
  EXPECT_EQ(absolute.memory_displacement, 0x4030201);
}

TEST(DecodeX86_64, RefusesPcRelativeAddressesOfAnotherKind) {
  EXPECT_TRUE(IsRefused("67 8b 05"));  // 0(%eip)
  EXPECT_TRUE(IsRefused("64 8b 05"));  // %fs:0(%rip)
  EXPECT_TRUE(IsRefused("67 c5 f9 6f 05"));
}

}  // namespace
}  // namespace relink
