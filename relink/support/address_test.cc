// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/support/address.h"

#include <cstdint>
#include <type_traits>

#include "gtest/gtest.h"

namespace relink {
namespace {

TEST(Address, StartsAtZero) { EXPECT_EQ(LinkAddr().value(), 0u); }

TEST(Address, DistanceIsSigned) {
  EXPECT_EQ(LinkAddr(0x10) - LinkAddr(0x30), -0x20);
  EXPECT_EQ(LinkAddr(0x30) - LinkAddr(0x10), 0x20);
}

TEST(Address, DistanceAcrossTheWholeSpaceWraps) {
  EXPECT_EQ(LinkAddr(UINT64_MAX) - LinkAddr(0), -1);
}

TEST(Address, AddingBytesMovesForwardAndSubtractingThemBack) {
  EXPECT_EQ((LinkAddr(8) + 4).value(), 12u);
  EXPECT_EQ((LinkAddr(8) - 4u).value(), 4u);
}

TEST(Address, OrdersAsItsValue) {
  EXPECT_LT(LinkAddr(1), LinkAddr(2));
  EXPECT_GT(LinkAddr(UINT64_MAX), LinkAddr(INT64_MAX));
}

TEST(Address, SpacesDoNotMix) {
  EXPECT_FALSE((std::is_convertible_v<LinkAddr, RuntimeAddr>));
  EXPECT_FALSE((std::is_convertible_v<LinkAddr, FileOffset>));
  EXPECT_FALSE((std::is_convertible_v<uint64_t, LinkAddr>));
}

TEST(AddressRange, ContainsItsFirstByteButNotItsEnd) {
  constexpr LinkRange kRange{LinkAddr(0x10), 0x10};
  EXPECT_TRUE(kRange.Contains(LinkAddr(0x10)));
  EXPECT_TRUE(kRange.Contains(LinkAddr(0x1f)));
  EXPECT_FALSE(kRange.Contains(LinkAddr(0x20)));
  EXPECT_FALSE(kRange.Contains(LinkAddr(0xf)));
}

TEST(AddressRange, ContainsAnEmptyRangeAtItsEnd) {
  constexpr LinkRange kRange{LinkAddr(0x10), 0x10};
  EXPECT_TRUE(kRange.Contains(LinkRange{LinkAddr(0x20), 0}));
  EXPECT_FALSE(kRange.Contains(LinkRange{LinkAddr(0x21), 0}));
}

TEST(AddressRange, ContainsRangesThatFitExactly) {
  constexpr LinkRange kRange{LinkAddr(0x10), 0x10};
  EXPECT_TRUE(kRange.Contains(kRange));
  EXPECT_FALSE(kRange.Contains(LinkRange{LinkAddr(0x10), 0x11}));
  EXPECT_FALSE(kRange.Contains(LinkRange{LinkAddr(0xf), 0x10}));
}

TEST(AddressRange, DoesNotContainARangeThatWraps) {
  constexpr LinkRange kRange{LinkAddr(0x10), 0x10};
  EXPECT_FALSE(kRange.Contains(LinkRange{LinkAddr(0x18), UINT64_MAX}));
  EXPECT_FALSE(kRange.Contains(LinkRange{LinkAddr(0x18), UINT64_MAX - 0x10}));
}

TEST(AddressRange, MayReachTheEndOfTheSpace) {
  constexpr LinkRange kRange{LinkAddr(UINT64_MAX - 0xf), 0x10};
  EXPECT_TRUE(kRange.Contains(LinkAddr(UINT64_MAX)));
  EXPECT_FALSE(kRange.Contains(LinkAddr(0)));
}

TEST(Align, RoundsToAPowerOfTwo) {
  EXPECT_EQ(AlignDown(0x1fff, 0x1000), 0x1000u);
  EXPECT_EQ(AlignUp(0x1001, 0x1000), 0x2000u);
  EXPECT_EQ(AlignUp(0x1000, 0x1000), 0x1000u);
  EXPECT_EQ(AlignUp(7, 1), 7u);
}

TEST(Align, UpWrapsToZeroPastTheLastMultiple) {
  EXPECT_EQ(AlignUp(UINT64_MAX, 0x1000), 0u);
}

TEST(PagesOf, CoversEveryPageTouched) {
  EXPECT_EQ(PagesOf(LinkRange{LinkAddr(0x1ffe), 4}, 0x1000),
            (LinkRange{LinkAddr(0x1000), 0x2000}));
  EXPECT_EQ(PagesOf(LinkRange{LinkAddr(0x2000), 0x1000}, 0x1000),
            (LinkRange{LinkAddr(0x2000), 0x1000}));
}

}  // namespace
}  // namespace relink
