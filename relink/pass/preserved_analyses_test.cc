// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/pass/preserved_analyses.h"

#include "gtest/gtest.h"

namespace relink {
namespace {

struct Length {
  static constexpr absl::string_view kName = "length";
};
struct Sum {
  static constexpr absl::string_view kName = "sum";
};
// Alike but for its type.
struct OtherSum {
  static constexpr absl::string_view kName = "sum";
};

TEST(PreservedAnalyses, AreNoneOrAll) {
  EXPECT_FALSE(PreservedAnalyses::None().Preserves<Sum>());
  EXPECT_TRUE(PreservedAnalyses::All().Preserves<Sum>());
}

TEST(PreservedAnalyses, AreThoseThatAreNamed) {
  PreservedAnalyses preserved = PreservedAnalyses::None();
  preserved.Preserve<Sum>();
  EXPECT_TRUE(preserved.Preserves<Sum>());
  EXPECT_FALSE(preserved.Preserves<Length>());
}

TEST(PreservedAnalyses, AreToldApartByTypeAndNotByName) {
  EXPECT_FALSE(PreservedAnalyses::None().Preserve<Sum>().Preserves<OtherSum>());
}

TEST(PreservedAnalyses, OfTwoPassesAreThoseOfBoth) {
  PreservedAnalyses both = PreservedAnalyses::All();
  both.Intersect(PreservedAnalyses::All());
  EXPECT_TRUE(both.Preserves<Length>());

  both.Intersect(PreservedAnalyses::None().Preserve<Sum>().Preserve<Length>());
  EXPECT_TRUE(both.Preserves<Sum>());
  EXPECT_TRUE(both.Preserves<Length>());
  EXPECT_FALSE(both.Preserves<OtherSum>());

  both.Intersect(PreservedAnalyses::None().Preserve<Sum>());
  both.Intersect(PreservedAnalyses::All());
  EXPECT_TRUE(both.Preserves<Sum>());
  EXPECT_FALSE(both.Preserves<Length>());
}

}  // namespace
}  // namespace relink
