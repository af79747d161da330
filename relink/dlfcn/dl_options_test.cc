// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/dlfcn/dl_options.h"

#include <cstdlib>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace relink {
namespace {

TEST(DlOptions, AreOffByDefault) {
  unsetenv("RELINK_DL_STRICT");
  unsetenv("RELINK_DL_VERBOSE");
  EXPECT_FALSE(DlOptions::OfEnvironment().strict);
  EXPECT_EQ(DlOptions::OfEnvironment().report, nullptr);
}

TEST(DlOptions, AreWhatTheEnvironmentSays) {
  setenv("RELINK_DL_STRICT", "1", 1);
  setenv("RELINK_DL_VERBOSE", "/tmp/report", 1);
  EXPECT_TRUE(DlOptions::OfEnvironment().strict);
  EXPECT_THAT(DlOptions::OfEnvironment().report, testing::StrEq("/tmp/report"));
  setenv("RELINK_DL_STRICT", "0", 1);
  EXPECT_FALSE(DlOptions::OfEnvironment().strict);
}

}  // namespace
}  // namespace relink
