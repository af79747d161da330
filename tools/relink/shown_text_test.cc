// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/shown_text.h"

#include "gtest/gtest.h"

namespace relink::tools {
namespace {

TEST(Shown, IsTheSameOfOrdinaryText) {
  EXPECT_EQ(Shown(""), "");
  EXPECT_EQ(Shown("/usr/lib/it's a \"lib\".so"), "/usr/lib/it's a \"lib\".so");
  EXPECT_EQ(Shown("libü.so"), "libü.so");
}

TEST(Shown, CannotControlATerminal) {
  EXPECT_EQ(Shown("a\nb\tc\x1b[2J\x7f"), "a\\nb\\tc\\x1b[2J\\x7f");
}

}  // namespace
}  // namespace relink::tools
