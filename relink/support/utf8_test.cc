// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/support/utf8.h"

#include "gtest/gtest.h"

namespace relink {
namespace {

TEST(Utf8, KnowsTheLengthOfACharacter) {
  EXPECT_EQ(Utf8SequenceLength("ab"), 1u);
  EXPECT_EQ(Utf8SequenceLength("\xc3\xbc"), 2u);
  EXPECT_EQ(Utf8SequenceLength("\xe2\x82\xac!"), 3u);
  EXPECT_EQ(Utf8SequenceLength("\xf0\x9f\x98\x80"), 4u);
}

TEST(Utf8, KnowsWhatIsNone) {
  EXPECT_EQ(Utf8SequenceLength("\x80"), 0u);
  EXPECT_EQ(Utf8SequenceLength("\xc3"), 0u);              // Ends too early.
  EXPECT_EQ(Utf8SequenceLength("\xc0\x80"), 0u);          // Overlong.
  EXPECT_EQ(Utf8SequenceLength("\xed\xa0\x80"), 0u);      // A surrogate.
  EXPECT_EQ(Utf8SequenceLength("\xf4\x90\x80\x80"), 0u);  // Past U+10FFFF.
}

}  // namespace
}  // namespace relink
