// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/arch/x86_64_decoder.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <sstream>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "relink/arch/instruction.h"

namespace relink {
namespace {

constexpr uint8_t kRax = 0, kRcx = 1, kRdx = 2, kRbx = 3, kRsp = 4, kRbp = 5,
                  kRsi = 6, kRdi = 7, kR8 = 8, kR11 = 11, kR12 = 12, kR14 = 14;

// From hexadecimal bytes; at the end of an allocation, so that a sanitizer sees
// what is read behind them.
std::vector<std::byte> Bytes(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::byte> bytes;
  for (int byte; stream >> std::hex >> byte;) {
    bytes.push_back(static_cast<std::byte>(byte));
  }
  return {bytes.begin(), bytes.end()};
}

// Decodes `text`, which must be one instruction and nothing behind it.
Instruction Decode(const std::string& text) {
  const std::vector<std::byte> bytes = Bytes(text);
  Instruction instruction;
  EXPECT_TRUE(DecodeX86_64(bytes, &instruction)) << text;
  EXPECT_EQ(instruction.length, bytes.size()) << text;
  return instruction;
}

bool IsRefused(const std::string& text) {
  // Enough to follow for whatever it may be taken for.
  const std::vector<std::byte> bytes = Bytes(text + " 00 00 00 00 00 00 00 00");
  Instruction instruction;
  return !DecodeX86_64(bytes, &instruction);
}

uint16_t Registers(std::initializer_list<uint8_t> numbers) {
  unsigned bits = 0;
  for (const uint8_t number : numbers) bits |= 1u << number;
  return static_cast<uint16_t>(bits);
}

// ---- Length ----

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
  EXPECT_EQ(instruction.may_write, Registers({kRax}));
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
    const std::vector<std::byte> bytes = Bytes(text);
    Instruction instruction;
    EXPECT_TRUE(DecodeX86_64(bytes, &instruction)) << text;
    for (size_t size = 0; size < bytes.size(); ++size) {
      const std::vector<std::byte> part(
          bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(size));
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
                           "0f a6 c0",
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

// ---- Flow ----

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

// ---- PC-relative operands ----

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

// ---- Operations ----

TEST(DecodeX86_64, ReadsAJumpTableOfOffsets) {
  const Instruction compare = Decode("83 ff 07");  // cmp $7, %edi
  EXPECT_EQ(compare.operation, Operation::kCompareImmediate);
  EXPECT_EQ(compare.rm, kRdi);
  EXPECT_EQ(compare.immediate, 7);
  EXPECT_EQ(compare.operand_size, 4);

  const Instruction lea = Decode("48 8d 15 01 02 03 04");  // lea (%rip), %rdx
  EXPECT_EQ(lea.operation, Operation::kLea);
  EXPECT_EQ(lea.reg, kRdx);
  EXPECT_TRUE(lea.pc_relative_memory);

  const Instruction load = Decode("48 63 04 ba");  // movslq (%rdx,%rdi,4), %rax
  EXPECT_EQ(load.operation, Operation::kLoadSignExtended);
  EXPECT_EQ(load.reg, kRax);
  EXPECT_EQ(load.base, kRdx);
  EXPECT_EQ(load.index, kRdi);
  EXPECT_EQ(load.scale, 4);
  EXPECT_EQ(load.source_size, 4);
  EXPECT_EQ(load.operand_size, 8);

  const Instruction add = Decode("48 01 d0");  // add %rdx, %rax
  EXPECT_EQ(add.operation, Operation::kAdd);
  EXPECT_EQ(add.reg, kRax);
  EXPECT_EQ(add.rm, kRdx);
  EXPECT_EQ(add.may_write, Registers({kRax}));
}

TEST(DecodeX86_64, HasTheDestinationInRegWhicheverWayItIsEncoded) {
  for (const char* text : {"4c 89 e3", "49 8b dc"}) {  // mov %r12, %rbx
    const Instruction move = Decode(text);
    EXPECT_EQ(move.operation, Operation::kMove) << text;
    EXPECT_EQ(move.reg, kRbx) << text;
    EXPECT_EQ(move.rm, kR12) << text;
    EXPECT_EQ(move.may_write, Registers({kRbx})) << text;
  }
  for (const char* text : {"01 d0", "03 c2"}) {  // add %edx, %eax
    const Instruction add = Decode(text);
    EXPECT_EQ(add.operation, Operation::kAdd) << text;
    EXPECT_EQ(add.reg, kRax) << text;
    EXPECT_EQ(add.rm, kRdx) << text;
  }
}

TEST(DecodeX86_64, TellsLoadsFromStores) {
  const Instruction load = Decode("4d 8b 34 24");  // mov (%r12), %r14
  EXPECT_EQ(load.operation, Operation::kLoad);
  EXPECT_EQ(load.reg, kR14);
  EXPECT_EQ(load.base, kR12);
  EXPECT_EQ(load.operand_size, 8);
  const Instruction store = Decode("4d 89 34 24");  // mov %r14, (%r12)
  EXPECT_EQ(store.operation, Operation::kOther);
  EXPECT_TRUE(store.memory);
  EXPECT_EQ(store.may_write, 0);
  EXPECT_EQ(Decode("03 01").operation, Operation::kAddMemory);
  EXPECT_EQ(Decode("01 01").operation, Operation::kOther);
}

TEST(DecodeX86_64, ReadsOperationsWithImmediates) {
  const Instruction mask = Decode("83 e1 f8");  // and $-8, %ecx
  EXPECT_EQ(mask.operation, Operation::kAndImmediate);
  EXPECT_EQ(mask.rm, kRcx);
  EXPECT_EQ(mask.immediate, -8);
  const Instruction subtract = Decode("48 81 ec 00 01 00 00");
  EXPECT_EQ(subtract.operation, Operation::kSubtractImmediate);
  EXPECT_EQ(subtract.rm, kRsp);
  EXPECT_EQ(subtract.immediate, 0x100);
  const Instruction by_itself = Decode("3d 01 02 03 04");  // cmp, %eax
  EXPECT_EQ(by_itself.operation, Operation::kCompareImmediate);
  EXPECT_EQ(by_itself.rm, kRax);
  EXPECT_EQ(by_itself.may_write, 0);
  const Instruction in_memory = Decode("80 7d f0 05");  // cmpb $5, -16(%rbp)
  EXPECT_EQ(in_memory.operation, Operation::kCompareImmediate);
  EXPECT_EQ(in_memory.rm, kNoRegister);
  EXPECT_EQ(in_memory.base, kRbp);
  EXPECT_EQ(in_memory.memory_displacement, -16);
  EXPECT_EQ(in_memory.operand_size, 1);
  const Instruction move = Decode("41 b8 01 02 03 04");  // mov, %r8d
  EXPECT_EQ(move.operation, Operation::kMoveImmediate);
  EXPECT_EQ(move.rm, kR8);
  EXPECT_EQ(move.immediate, 0x4030201);
  EXPECT_EQ(Decode("83 c0 01").operation, Operation::kOther);  // add
}

TEST(DecodeX86_64, ReadsZeroExtension) {
  const Instruction byte = Decode("0f b6 c9");  // movzbl %cl, %ecx
  EXPECT_EQ(byte.operation, Operation::kLoadZeroExtended);
  EXPECT_EQ(byte.reg, kRcx);
  EXPECT_EQ(byte.rm, kRcx);
  EXPECT_EQ(byte.source_size, 1);
  const Instruction word = Decode("0f b7 44 72 02");  // movzwl 2(%rdx,%rsi,2)
  EXPECT_EQ(word.operation, Operation::kLoadZeroExtended);
  EXPECT_EQ(word.source_size, 2);
  EXPECT_EQ(word.base, kRdx);
  EXPECT_EQ(word.index, kRsi);
}

TEST(DecodeX86_64, TakesNoPartOfARegisterForAllOfIt) {
  for (const char* text : {"66 89 d0", "88 d0", "66 8b 00", "8a 00",  // mov
                           "66 01 d0", "00 d0", "66 8d 00",  // add, lea
                           "66 b8 01 00", "b0 01",  // mov of an immediate
                           "66 0f b6 c9", "63 c1",  // movzbw, movsxd to %eax
                           "80 fc 05", "80 e4 05",  // cmp, and of %ah
                           "0f b6 cc"}) {           // movzbl %ah, %ecx
    EXPECT_EQ(Decode(text).operation, Operation::kOther) << text;
  }
}

TEST(DecodeX86_64, MarksAddressesOfAnotherKind) {
  for (const char* text : {"64 48 8b 04 25 00 00 00 00",  // mov %fs:0, %rax
                           "65 48 8b 00",     // mov %gs:(%rax), %rax
                           "67 48 8d 04 10",  // lea (%eax,%edx), %rax
                           "48 a1 00 00 00 00 00 00 00 00",
                           "c4 e2 71 92 04 82",  // vgatherdps (%rdx,%xmm0,4)
                           "62 f1 7c 48 28 40 01"}) {  // vmovaps 64(%rax)
    const Instruction instruction = Decode(text);
    EXPECT_TRUE(instruction.memory) << text;
    EXPECT_TRUE(instruction.special_address) << text;
    EXPECT_EQ(instruction.operation, Operation::kOther) << text;
  }
  // %cs, %ds, %es and %ss begin at 0.
  EXPECT_EQ(Decode("3e 48 8b 00").operation, Operation::kLoad);
}

TEST(DecodeX86_64, KnowsWhatDoesNothing) {
  for (const char* text :
       {"90", "66 90", "f3 90", "0f 1f 00", "0f 1f 44 00 00",
        "66 66 2e 0f 1f 84 00 00 00 00 00", "f3 0f 1e fa", "f3 0f 1e fb"}) {
    const Instruction nop = Decode(text);
    EXPECT_EQ(nop.operation, Operation::kNop) << text;
    EXPECT_EQ(nop.may_write, 0) << text;
  }
  EXPECT_EQ(Decode("41 90").operation, Operation::kOther);  // xchg %r8, %rax
  EXPECT_EQ(Decode("f3 48 0f 1e c8").operation, Operation::kOther);  // rdsspq
}

// ---- What is written ----

TEST(DecodeX86_64, KnowsWhatIsWrittenWithoutBeingNamed) {
  struct Written {
    const char* text;
    std::initializer_list<uint8_t> registers;
  };
  for (const Written& written : {
           Written{"f7 e1", {kRax, kRdx}},           // mul
           Written{"f6 e1", {kRax}},                 // mul of a byte
           Written{"0f 01 d6", {}},                  // xtest
           Written{"0f 01 f9", {kRax, kRcx, kRdx}},  // rdtscp
           Written{"48 99", {kRdx}},                 // cqto
           Written{"48 98", {kRax}},                 // cltq
           Written{"0f a2", {kRax, kRbx, kRcx, kRdx}},
           Written{"0f 31", {kRax, kRdx}},           // rdtsc
           Written{"0f 05", {kRax, kRcx, kR11}},     // syscall
           Written{"f3 48 a5", {kRcx, kRsi, kRdi}},  // rep movs
           Written{"48 0f c7 0f", {kRax, kRdx}},     // cmpxchg16b
           Written{"f0 0f b1 0f", {kRax}},           // lock cmpxchg
           Written{"41 5c", {kRsp, kR12}},           // pop
           Written{"c9", {kRsp, kRbp}},              // leave
           Written{"df e0", {kRax}},                 // fnstsw %ax
           Written{"66 0f 3a 63 c1 00", {kRcx}},     // pcmpistri
           Written{"0f c1 d8", {kRax, kRbx}},        // xadd
           Written{"87 d8", {kRax, kRbx}},           // xchg
           Written{"49 90", {kRax, kR8}},            // xchg %rax, %r8
           Written{"c4 e2 f3 f6 d0", {kRcx, kRdx}},  // mulx
           Written{"c4 e2 f0 f3 c8", {kRcx}},        // blsr
           Written{"c5 f9 7e c8", {kRax}},           // vmovd to %eax
           Written{"c5 fb 93 d8", {kRbx}},           // kmovd to %ebx
           Written{"62 f1 7f 08 78 c0", {kRax}},     // vcvttsd2usi
           Written{"66 41 0f d7 c0", {kRax}},        // pmovmskb
       }) {
    EXPECT_EQ(Decode(written.text).may_write, Registers(written.registers))
        << written.text;
  }
}

TEST(DecodeX86_64, DoesNotTakeVectorsForRegisters) {
  for (const char* text : {"0f 28 c1", "66 0f 6e c0", "c5 f8 28 c1",
                           "62 f1 7c 48 28 c1", "f3 0f 7e c1", "0f 2c c1",
                           "c5 fb 92 c8", "85 c0", "39 d0", "0f 18 00"}) {
    EXPECT_EQ(Decode(text).may_write, 0) << text;
  }
}

TEST(DecodeX86_64, CountsHighBytesForTheirRegister) {
  EXPECT_EQ(Decode("b4 01").may_write, Registers({kRax}));     // %ah
  EXPECT_EQ(Decode("40 b4 01").may_write, Registers({kRsp}));  // %spl
  EXPECT_EQ(Decode("88 c7").may_write, Registers({kRbx}));     // %bh
  EXPECT_EQ(Decode("0f 94 c6").may_write, Registers({kRdx}));  // sete %dh
}

TEST(DecodeX86_64, LeavesToACallWhatAFunctionMayChange) {
  const uint16_t kept = Registers({kRbx, kRbp, kR12, 13, kR14, 15});
  for (const char* text : {"e8 00 00 00 00", "ff d0", "ff 15 00 00 00 00"}) {
    EXPECT_EQ(Decode(text).may_write, static_cast<uint16_t>(~kept)) << text;
  }
  EXPECT_EQ(Decode("ff e0").may_write, 0);
}

}  // namespace
}  // namespace relink
