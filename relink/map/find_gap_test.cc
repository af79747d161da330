// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/map/find_gap.h"

#include <array>
#include <cstdint>

#include "gtest/gtest.h"

namespace relink {
namespace {

constexpr uint64_t kPage = 0x1000;

RuntimeRange Pages(uint64_t first, uint64_t count) {
  return {RuntimeAddr(first * kPage), count * kPage};
}

MappingBackend::Request Anywhere(uint64_t pages, uint64_t alignment = kPage) {
  return {.size = pages * kPage, .alignment = alignment};
}

TEST(FindGap, TakesTheLowestGapThatIsLargeEnough) {
  std::array taken{Pages(18, 2), Pages(16, 1)};
  EXPECT_EQ(*FindGap(Pages(16, 16), taken, Anywhere(1)), Pages(17, 1));
  EXPECT_EQ(*FindGap(Pages(16, 16), taken, Anywhere(2)), Pages(20, 2));
}

TEST(FindGap, Aligns) {
  std::array taken{Pages(16, 1)};
  EXPECT_EQ(*FindGap(Pages(16, 16), taken, Anywhere(1, 8 * kPage)),
            Pages(24, 1));
}

TEST(FindGap, FollowsAHintAndGoesElsewhereIfItCannot) {
  std::array taken{Pages(20, 12)};
  MappingBackend::Request request = Anywhere(1);
  request.address = RuntimeAddr(18 * kPage);
  EXPECT_EQ(*FindGap(Pages(16, 16), taken, request), Pages(18, 1));
  request.address = RuntimeAddr(25 * kPage);
  EXPECT_EQ(*FindGap(Pages(16, 16), taken, request), Pages(16, 1));
  request.address = RuntimeAddr(99 * kPage);
  EXPECT_EQ(*FindGap(Pages(16, 16), taken, request), Pages(16, 1));
}

TEST(FindGap, IsExhaustedWhenNothingFits) {
  std::array taken{Pages(17, 15)};
  Result<RuntimeRange> gap = FindGap(Pages(16, 16), taken, Anywhere(2));
  ASSERT_FALSE(gap.ok());
  EXPECT_EQ(gap.error().code, ErrorCode::kExhausted);
}

TEST(FindGap, KeepsAFixedAddressOrRefuses) {
  std::array taken{Pages(18, 2)};
  MappingBackend::Request request = Anywhere(1);
  request.fixed = true;
  request.address = RuntimeAddr(17 * kPage);
  EXPECT_EQ(*FindGap(Pages(16, 16), taken, request), Pages(17, 1));
  for (uint64_t page : {uint64_t{19}, uint64_t{15}, uint64_t{32}}) {
    request.address = RuntimeAddr(page * kPage);
    Result<RuntimeRange> gap = FindGap(Pages(16, 16), taken, request);
    ASSERT_FALSE(gap.ok()) << page;
    EXPECT_EQ(gap.error().code, ErrorCode::kMismatch);
  }
}

TEST(FindGap, EndsAtTheTopOfTheAddressSpace) {
  constexpr uint64_t kTop = UINT64_MAX / kPage;  // The page that wraps.
  std::array taken{Pages(0, kTop - 1)};
  EXPECT_EQ(*FindGap(Pages(0, kTop), taken, Anywhere(1)), Pages(kTop - 1, 1));
  EXPECT_FALSE(FindGap(Pages(0, kTop), taken, Anywhere(1, 16 * kPage)).ok());
}

}  // namespace
}  // namespace relink
