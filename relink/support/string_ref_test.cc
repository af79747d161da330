// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/support/string_ref.h"

#include <string>

#include "gtest/gtest.h"

namespace relink {
namespace {

TEST(StringRef, IsEmptyByDefault) {
  EXPECT_TRUE(StringRef().empty());
  EXPECT_EQ(StringRef().size(), 0u);
}

TEST(StringRef, LeavesTheNulOfALiteralOut) {
  EXPECT_EQ(StringRef("abc").size(), 3u);
}

TEST(StringRef, KeepsANulInside) {
  EXPECT_EQ(StringRef("a\0c").size(), 3u);
  EXPECT_FALSE(StringRef("a\0c") == StringRef("a\0d"));
}

TEST(StringRef, EqualsTheSameCharactersElsewhere) {
  const std::string text = "symbol";
  EXPECT_TRUE(StringRef(text.data(), text.size()) == StringRef("symbol"));
}

TEST(StringRef, DiffersFromItsPrefix) {
  EXPECT_FALSE(StringRef("symbol") == StringRef("sym"));
}

TEST(StringRef, EmptyOnesAreEqualWhereverTheyPoint) {
  EXPECT_TRUE(StringRef(nullptr, 0) == StringRef("x", 0));
}

TEST(StringRef, IteratesItsCharacters) {
  std::string text;
  for (char c : StringRef("abc")) text += c;
  EXPECT_EQ(text, "abc");
  EXPECT_EQ(StringRef("abc")[1], 'b');
}

}  // namespace
}  // namespace relink
