// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/hot_blocks.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/arch/hex_code.h"
#include "relink/arch/target.h"

namespace relink {
namespace {

using ::testing::ElementsAre;

std::vector<bool> Find(const char* code, const std::vector<uint32_t>& ran) {
  const auto flow = ReadFlow(HostTarget(), HexCode(code).bytes(), {});
  return flow.has_value() ? FindHotBlocks(*flow, ran) : std::vector<bool>();
}

// 0: je 4; 2: jmp 5; 4: nop; 5: nop; ret
constexpr char kDiamond[] = "7402 eb01 90 90c3";

TEST(HotBlocks, HasTheFirstOneAndAWayOut) {
  EXPECT_THAT(Find(kDiamond, {}), ElementsAre(true, true, false, true));
}

TEST(HotBlocks, TakesTheWayThatRan) {
  EXPECT_THAT(Find(kDiamond, {4}), ElementsAre(true, false, true, true));
  EXPECT_THAT(Find(kDiamond, {2, 4}), ElementsAre(true, true, true, true));
}

TEST(HotBlocks, LeadsOutOfLoops) {
  // 0: nop; je 0; 3: nop; ret; 5: nop; ret
  EXPECT_THAT(Find("9074fd 90c3 90c3", {0}), ElementsAre(true, true, false));
}

TEST(HotBlocks, KeepsWhatNothingEnters) {
  EXPECT_THAT(Find("90c3 90c3", {2}), ElementsAre(true, true));
}

TEST(HotBlocks, EndsWhereNothingLeadsOut) {
  // 0: jmp 0; 2: ret
  EXPECT_THAT(Find("ebfe c3", {0}), ElementsAre(true, false));
}

}  // namespace
}  // namespace relink
