// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/pass/pass_times.h"

#include "gtest/gtest.h"

namespace relink {
namespace {

using std::chrono::microseconds;

PassTimes::Clock::time_point At(int milliseconds) {
  return PassTimes::Clock::time_point(std::chrono::milliseconds(milliseconds));
}

TEST(PassTimes, AddUpTheRunsOfAPass) {
  PassTimes times;
  times.Begin("order", At(0));
  times.End(At(1));
  times.Begin("icf", At(1));
  times.End(At(11));
  times.Begin("order", At(11));
  times.End(At(13));
  ASSERT_EQ(times.rows().size(), 2);
  EXPECT_EQ(times.rows()[0].pass, "order");
  EXPECT_EQ(times.rows()[0].runs, 2);
  EXPECT_EQ(times.rows()[0].time, microseconds(3000));
  EXPECT_EQ(times.rows()[1].time, microseconds(10000));
}

TEST(PassTimes, DoNotCountWhatRanInside) {
  PassTimes times;
  times.Begin("module", At(0));
  times.Begin("icf", At(1));
  times.End(At(8));
  times.Begin("icf", At(9));
  times.End(At(10));
  times.End(At(12));
  EXPECT_EQ(times.rows()[0].time, microseconds(4000));
  EXPECT_EQ(times.rows()[1].time, microseconds(8000));
}

TEST(PassTimes, AreATableWithTheLongestFirst) {
  PassTimes times;
  EXPECT_EQ(times.Table(), "");
  times.Begin("order", At(0));
  times.End(At(1));
  times.Begin("icf", At(1));
  times.End(At(4));
  EXPECT_EQ(times.Table(),
            "        time      %   runs  pass\n"
            "    3.000 ms   75.0      1  icf\n"
            "    1.000 ms   25.0      1  order\n"
            "    4.000 ms  together\n");
}

}  // namespace
}  // namespace relink
