// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/pass/counters.h"

#include "gtest/gtest.h"

namespace relink {
namespace {

TEST(Counters, AddUp) {
  Counters counters;
  counters.Add("icf", "functions folded");
  counters.Add("icf", "functions folded", 2);
  counters.Add("order", "functions folded", 40);
  EXPECT_EQ(counters.Value("icf", "functions folded"), 3);
  EXPECT_EQ(counters.Value("order", "functions folded"), 40);
  EXPECT_EQ(counters.Value("order", "bytes"), 0);
}

TEST(Counters, AreATableWithThoseOfAPassTogether) {
  Counters counters;
  EXPECT_EQ(counters.Table(), "");
  counters.Add("icf", "folded", 7);
  counters.Add("order", "moved", 1234);
  counters.Add("icf", "bytes saved", 0);
  EXPECT_EQ(counters.Table(),
            "   7  icf    folded\n"
            "   0  icf    bytes saved\n"
            "1234  order  moved\n");
}

}  // namespace
}  // namespace relink
