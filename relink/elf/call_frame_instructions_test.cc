// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/call_frame_instructions.h"

#include <initializer_list>
#include <string>

#include "gtest/gtest.h"
#include "relink/elf/testing/image_spec.h"

namespace relink::elf {
namespace {

constexpr uint64_t kReturnColumn = 16;

// "" if the instructions are bound to no address.
std::string Why(std::initializer_list<unsigned> instructions) {
  const Bytes bytes = BytesOf(instructions);
  const AddressBinding binding =
      BindingOf<Elf64Le>(ByteView(bytes), kReturnColumn);
  if (binding.problem != nullptr) return binding.problem;
  return binding.modulo == 1 ? "" : "modulo " + std::to_string(binding.modulo);
}

TEST(CallFrameInstructions, OfCompilersHoldForEachCopyOfTheCode) {
  EXPECT_EQ(Why({}), "");
  // DW_CFA_def_cfa: r7 + 8, offset: r16 at cfa - 8, nop.
  EXPECT_EQ(Why({0x0c, 7, 8, 0x90, 1, 0}), "");
  // advance_loc, def_cfa_offset, advance_loc1, 2 and 4, remember_state,
  // restore, restore_state, GNU_args_size.
  EXPECT_EQ(Why({0x41, 0x0e, 16, 0x02, 0xff, 0x03, 1, 2, 0x04, 1, 2, 3, 4, 0x0a,
                 0xc6, 0x0b, 0x2e, 0x80, 1}),
            "");
  // def_cfa_expression: breg6 -8, deref.  expression: r3, breg7 0.
  EXPECT_EQ(Why({0x0f, 3, 0x76, 0x78, 0x06, 0x10, 3, 2, 0x77, 0}), "");
}

TEST(CallFrameInstructions, WithAnAddressAreBoundToIt) {
  const std::string address = "unwind instruction holds an address";
  EXPECT_EQ(Why({0x01, 0, 0, 0, 0}), address);  // DW_CFA_set_loc
  // DW_CFA_def_cfa_expression: DW_OP_addr
  EXPECT_EQ(Why({0x0f, 9, 0x03, 0, 0, 0, 0, 0, 0, 0, 0}), address);
}

TEST(CallFrameInstructions, OfThePltAreBoundToWhereAnEntryBegins) {
  // binutils' elf_x86_64_eh_frame_plt: breg7 8, breg16 0, lit15, and, lit11,
  // ge, lit3, shl, plus.
  EXPECT_EQ(Why({0x0e, 16, 0x46, 0x0e, 24, 0x4a, 0x0f, 11, 0x77, 8, 0x80, 0,
                 0x3f, 0x1a, 0x3b, 0x2a, 0x33, 0x24, 0x22}),
            "modulo 16");
}

TEST(CallFrameInstructions, ThatReadTheAddressAreBoundToIt) {
  const std::string own =
      "unwind expression computes with the address of the code";
  EXPECT_EQ(Why({0x0f, 2, 0x80, 0}), own);              // DW_OP_breg16
  EXPECT_EQ(Why({0x0f, 4, 0x80, 0, 0x3f, 0x22}), own);  // + 15
  EXPECT_EQ(Why({0x0f, 3, 0x92, 16, 0}), own);          // DW_OP_bregx
  EXPECT_EQ(Why({0x0f, 2, 0x90, 16}), own);             // DW_OP_regx
  EXPECT_EQ(Why({0x0f, 3, 0x92, 15, 0}), "");
}

TEST(CallFrameInstructions, ThatNobodyKnowsAreNotUnderstood) {
  const std::string unknown = "unwind instruction is not understood";
  EXPECT_EQ(Why({0x3f}), unknown);           // DW_CFA_hi_user
  EXPECT_EQ(Why({0x0f, 1, 0xff}), unknown);  // DW_OP_hi_user
  EXPECT_EQ(Why({0x0f, 1, 0x9c}), unknown);  // DW_OP_call_frame_cfa
}

TEST(CallFrameInstructions, ThatAreCutOffAreNotUnderstood) {
  const std::string unknown = "unwind instruction is not understood";
  EXPECT_EQ(Why({0x04, 1, 2, 3}), unknown);
  EXPECT_EQ(Why({0x0e, 0x80}), unknown);
  EXPECT_EQ(Why({0x0f, 2, 0x06}), unknown);
  EXPECT_EQ(Why({0x0f, 1, 0x0a, 0x00}), unknown);  // Operand past its block.
}

}  // namespace
}  // namespace relink::elf
