// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/support/json_string.h"

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace relink {
namespace {

TEST(JsonString, QuotesText) {
  EXPECT_EQ(JsonString(""), R"("")");
  EXPECT_EQ(JsonString("libc.so.6"), R"("libc.so.6")");
  EXPECT_EQ(JsonString("a\"b\\c"), R"("a\"b\\c")");
}

TEST(JsonString, IsOneLine) {
  EXPECT_EQ(JsonString("a\nb\t\x7f"), R"("a\u000ab\u0009\u007f")");
  EXPECT_EQ(JsonString(absl::string_view("\0", 1)), R"("\u0000")");
}

TEST(JsonString, KeepsUtf8AndReplacesWhatIsNone) {
  EXPECT_EQ(JsonString("\xc3\xa4"), "\"\xc3\xa4\"");
  EXPECT_EQ(JsonString("\xff\xc3"), R"("\ufffd\ufffd")");
  EXPECT_EQ(JsonString("\xc0\x80"), R"("\ufffd\ufffd")") << "overlong";
}

}  // namespace
}  // namespace relink
