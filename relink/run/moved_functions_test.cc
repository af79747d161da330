// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/run/moved_functions.h"

#include "gtest/gtest.h"

namespace relink {
namespace {

RuntimeRange Range(uint64_t begin, uint64_t size) {
  return {RuntimeAddr(begin), size};
}

// Two functions change places in another part of memory.
MovedFunctions Swapped() {
  return MovedFunctions({{Range(0x1010, 0x10), RuntimeAddr(0x9000)},
                         {Range(0x1000, 0x10), RuntimeAddr(0x9010)}},
                        {{Range(0x9000, 0x20), RuntimeAddr(0xa000)}},
                        {{Range(0x1000, 0x1000), RuntimeAddr(0x1800)}});
}

TEST(MovedFunctions, LeadsToNewPlacesAndBack) {
  const MovedFunctions moved = Swapped();
  EXPECT_EQ(moved.NewAddress(0x1000), 0x9010u);
  EXPECT_EQ(moved.NewAddress(0x101f), 0x900fu);
  EXPECT_EQ(moved.OldAddress(0x9010), 0x1000u);
  EXPECT_EQ(moved.OldAddress(0x900f), 0x101fu);
}

TEST(MovedFunctions, LeavesOtherAddressesAlone) {
  const MovedFunctions moved = Swapped();
  for (const uint64_t addr : {0x0, 0xfff, 0x1020, 0x8fff, 0x9020}) {
    EXPECT_EQ(moved.NewAddress(addr), addr);
    EXPECT_EQ(moved.OldAddress(addr), addr);
  }
  EXPECT_EQ(MovedFunctions().NewAddress(5), 5u);
}

TEST(MovedFunctions, KnowsTheUnwindTableOfNewPlacesOnly) {
  const MovedFunctions moved = Swapped();
  ASSERT_NE(moved.FindUnwind(0x901f), nullptr);
  EXPECT_EQ(moved.FindUnwind(0x901f)->header, RuntimeAddr(0xa000));
  EXPECT_EQ(moved.FindUnwind(0x1000), nullptr);
}

TEST(MovedFunctions, KnowsTheWayBackOfTheModuleThatAFunctionCameFrom) {
  EXPECT_EQ(Swapped().FindReturnWay(0x9001), 0x1800u);
  EXPECT_EQ(Swapped().FindReturnWay(0x1001), 0u);
}

TEST(MovedFunctions, ForgetsThoseOfAModuleThatIsGone) {
  const MovedFunctions left = Swapped().Without(Range(0x1010, 0x1000));
  EXPECT_EQ(left.moves().size(), 1u);
  EXPECT_EQ(left.NewAddress(0x1000), 0x9010u);
  EXPECT_EQ(left.NewAddress(0x1010), 0x1010u);
}

}  // namespace
}  // namespace relink
