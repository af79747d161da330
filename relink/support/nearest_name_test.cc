// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/support/nearest_name.h"

#include "gtest/gtest.h"

namespace relink {
namespace {

const std::vector<std::string> kNames = {"inspect", "load", "verify"};

TEST(NearestName, FindsWhatWasMistyped) {
  EXPECT_EQ(NearestName("inspct", kNames), "inspect");
  EXPECT_EQ(NearestName("laod", {"load", "loads"}), "");  // Two edits in four.
  EXPECT_EQ(NearestName("verfiy", kNames), "verify");
}

TEST(NearestName, FindsWhatWasCutShort) {
  EXPECT_EQ(NearestName("insp", kNames), "inspect");
}

TEST(NearestName, FindsNothingWhenNothingIsNear) {
  EXPECT_EQ(NearestName("disassemble", kNames), "");
  EXPECT_EQ(NearestName("", kNames), "");
  EXPECT_EQ(NearestName("inspect", {}), "");
}

TEST(Suggestion, IsAClauseOrNothing) {
  EXPECT_EQ(Suggestion("lod", kNames), "; did you mean load?");
  EXPECT_EQ(Suggestion("xyzzy", kNames), "");
}

}  // namespace
}  // namespace relink
