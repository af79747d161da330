// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/arch/relocation_rule.h"

#include <cstdint>

#include "gtest/gtest.h"

namespace relink {
namespace {

constexpr uint64_t Negative(int64_t value) {
  return static_cast<uint64_t>(value);
}

TEST(Fits, TakesSignedValuesUpToHalfTheRange) {
  EXPECT_TRUE(Fits(0x7fffffff, Field::k32, Fit::kSigned));
  EXPECT_FALSE(Fits(0x80000000, Field::k32, Fit::kSigned));
  EXPECT_TRUE(Fits(Negative(-0x80000000LL), Field::k32, Fit::kSigned));
  EXPECT_FALSE(Fits(Negative(-0x80000001LL), Field::k32, Fit::kSigned));
  EXPECT_TRUE(Fits(0x7f, Field::k8, Fit::kSigned));
  EXPECT_FALSE(Fits(0x80, Field::k8, Fit::kSigned));
}

TEST(Fits, TakesNoNegativeValueAsUnsigned) {
  EXPECT_TRUE(Fits(0xffffffff, Field::k32, Fit::kUnsigned));
  EXPECT_FALSE(Fits(0x100000000, Field::k32, Fit::kUnsigned));
  EXPECT_FALSE(Fits(Negative(-1), Field::k32, Fit::kUnsigned));
}

TEST(Fits, TakesEitherFromTheLowestSignedToTheHighestUnsigned) {
  EXPECT_TRUE(Fits(0xffff, Field::k16, Fit::kEither));
  EXPECT_FALSE(Fits(0x10000, Field::k16, Fit::kEither));
  EXPECT_TRUE(Fits(Negative(-0x8000), Field::k16, Fit::kEither));
  EXPECT_FALSE(Fits(Negative(-0x8001), Field::k16, Fit::kEither));
}

TEST(Fits, TakesAnythingIntoAWordOrWhereHighBitsAreDropped) {
  for (const Fit fit : {Fit::kSigned, Fit::kUnsigned, Fit::kEither}) {
    EXPECT_TRUE(Fits(UINT64_MAX, Field::k64, fit));
    EXPECT_TRUE(Fits(uint64_t{1} << 63, Field::k64, fit));
  }
  EXPECT_TRUE(Fits(UINT64_MAX / 2, Field::k8, Fit::kWraps));
}

}  // namespace
}  // namespace relink
