// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/function_flow.h"

#include <optional>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/arch/hex_code.h"
#include "relink/arch/target.h"

namespace relink {
namespace {

using ::testing::ElementsAre;

std::optional<FunctionFlow> Read(const char* code,
                                 const std::vector<uint32_t>& entries = {}) {
  return ReadFlow(HostTarget(), HexCode(code).bytes(), entries);
}

TEST(FunctionFlow, EndsBlocksWhereControlMayLeave) {
  // test; je 0xa; xor; ret; mov; ret
  const auto flow = Read("85ff 7406 31c0909090c3 b801000000c3");
  ASSERT_TRUE(flow.has_value());
  ASSERT_EQ(flow->blocks.size(), 3u);
  EXPECT_EQ(flow->blocks[0].end, 4u);
  EXPECT_TRUE(flow->blocks[0].goes_on);
  EXPECT_FALSE(flow->blocks[0].leaves);
  EXPECT_THAT(flow->blocks[0].jumps, ElementsAre(2));
  EXPECT_FALSE(flow->blocks[1].goes_on);
  EXPECT_TRUE(flow->blocks[1].leaves);
  EXPECT_EQ(flow->blocks[2].begin, 0xau);
  EXPECT_EQ(flow->BlockAt(9), 1u);
  ASSERT_EQ(flow->branches.size(), 1u);
  EXPECT_EQ(flow->branches[0].target, 0xau);
  EXPECT_EQ(flow->branches[0].field_size, 1);
}

TEST(FunctionFlow, FindsRoomForAJump) {
  const auto flow = Read("31c0 b801000000 c3");
  ASSERT_TRUE(flow.has_value());
  EXPECT_EQ(flow->blocks[0].room_for_jump, 2u);
  EXPECT_EQ(Read("31c0 c3")->blocks[0].room_for_jump, 3u);
}

TEST(FunctionFlow, KnowsCallsOfTheFunctionItself) {
  const auto flow = Read("e8fbffffff c3");
  ASSERT_TRUE(flow.has_value());
  EXPECT_EQ(flow->blocks.size(), 1u);
  ASSERT_EQ(flow->branches.size(), 1u);
  EXPECT_EQ(flow->branches[0].target, 0u);
}

TEST(FunctionFlow, LeadsSwitchesToTheirEntries) {
  // jmp *%rax; nop; ret; ret
  const auto flow = Read("ffe0 90c3 c3", {4, 2, 2});
  ASSERT_TRUE(flow.has_value());
  EXPECT_THAT(flow->blocks[0].jumps, ElementsAre(1, 2));
  EXPECT_FALSE(flow->blocks[0].leaves);
}

TEST(FunctionFlow, RefusesWhatItDoesNotUnderstand) {
  EXPECT_FALSE(Read("06").has_value());                  // No instruction.
  EXPECT_FALSE(Read("eb01 b801000000 c3").has_value());  // Into the middle.
  EXPECT_FALSE(Read("c3", {1}).has_value());             // Out of the function.
  EXPECT_FALSE(Read("488d0500000000 c3").has_value());   // lea of itself.
  EXPECT_FALSE(Read("").has_value());
}

}  // namespace
}  // namespace relink
