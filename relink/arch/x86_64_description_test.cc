// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/arch/x86_64_description.h"

#include <cstdint>
#include <initializer_list>

#include "gtest/gtest.h"
#include "relink/arch/hex_code.h"
#include "relink/arch/instruction.h"
#include "relink/arch/x86_64_decoder.h"

namespace relink {
namespace {

constexpr uint8_t kRax = 0, kRcx = 1, kRdx = 2, kRbx = 3, kRsp = 4, kRbp = 5,
                  kRsi = 6, kRdi = 7, kR8 = 8, kR11 = 11, kR12 = 12, kR14 = 14;

uint16_t Registers(std::initializer_list<uint8_t> numbers) {
  unsigned bits = 0;
  for (const uint8_t number : numbers) bits |= 1u << number;
  return static_cast<uint16_t>(bits);
}

// Decodes `text`, which must be one instruction and nothing behind it.
Instruction Decode(const char* text) {
  const HexCode code(text);
  Instruction instruction;
  EXPECT_TRUE(DecodeX86_64(code.bytes(), &instruction)) << text;
  EXPECT_EQ(instruction.length, code.bytes().size()) << text;
  return instruction;
}

TEST(DescribeInstruction, ReadsAJumpTableOfOffsets) {
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

TEST(DescribeInstruction, HasTheDestinationInRegWhicheverWayItIsEncoded) {
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

TEST(DescribeInstruction, TellsLoadsFromStores) {
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

TEST(DescribeInstruction, ReadsOperationsWithImmediates) {
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

TEST(DescribeInstruction, ReadsZeroExtension) {
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

TEST(DescribeInstruction, TakesNoPartOfARegisterForAllOfIt) {
  for (const char* text : {"66 89 d0", "88 d0", "66 8b 00", "8a 00",  // mov
                           "66 01 d0", "00 d0", "66 8d 00",  // add, lea
                           "66 b8 01 00", "b0 01",  // mov of an immediate
                           "66 0f b6 c9", "63 c1",  // movzbw, movsxd to %eax
                           "80 fc 05", "80 e4 05",  // cmp, and of %ah
                           "0f b6 cc"}) {           // movzbl %ah, %ecx
    EXPECT_EQ(Decode(text).operation, Operation::kOther) << text;
  }
}

TEST(DescribeInstruction, MarksAddressesOfAnotherKind) {
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

TEST(DescribeInstruction, KnowsWhatDoesNothing) {
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

TEST(DescribeInstruction, KnowsWhatIsWrittenWithoutBeingNamed) {
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

TEST(DescribeInstruction, DoesNotTakeVectorsForRegisters) {
  for (const char* text : {"0f 28 c1", "66 0f 6e c0", "c5 f8 28 c1",
                           "62 f1 7c 48 28 c1", "f3 0f 7e c1", "0f 2c c1",
                           "c5 fb 92 c8", "85 c0", "39 d0", "0f 18 00"}) {
    EXPECT_EQ(Decode(text).may_write, 0) << text;
  }
}

TEST(DescribeInstruction, CountsHighBytesForTheirRegister) {
  EXPECT_EQ(Decode("b4 01").may_write, Registers({kRax}));     // %ah
  EXPECT_EQ(Decode("40 b4 01").may_write, Registers({kRsp}));  // %spl
  EXPECT_EQ(Decode("88 c7").may_write, Registers({kRbx}));     // %bh
  EXPECT_EQ(Decode("0f 94 c6").may_write, Registers({kRdx}));  // sete %dh
}

TEST(DescribeInstruction, LeavesToACallWhatAFunctionMayChange) {
  const uint16_t kept = Registers({kRbx, kRbp, kR12, 13, kR14, 15});
  for (const char* text : {"e8 00 00 00 00", "ff d0", "ff 15 00 00 00 00"}) {
    EXPECT_EQ(Decode(text).may_write, static_cast<uint16_t>(~kept)) << text;
  }
  EXPECT_EQ(Decode("ff e0").may_write, 0);
}

}  // namespace
}  // namespace relink
