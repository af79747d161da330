// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/report/html_text.h"

#include <string>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace relink::tools {
namespace {

TEST(Escaped, LeavesNothingThatHtmlWouldRead) {
  EXPECT_EQ(Escaped("<script>alert(1)</script>"),
            "&lt;script&gt;alert(1)&lt;/script&gt;");
  EXPECT_EQ(Escaped("a\"b'c&lt;"), "a&quot;b&#39;c&amp;lt;");
}

TEST(Escaped, IsUtf8WhateverTheBytes) {
  EXPECT_EQ(Escaped("f\xc3\xbcr"), "f\xc3\xbcr");
  // A lead byte does not take along what follows it.
  EXPECT_EQ(Escaped("\xe2<b>"), "\xef\xbf\xbd&lt;b&gt;");
  EXPECT_EQ(Escaped(absl::string_view("a\0\n\x7f", 4)),
            "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

TEST(Shortened, CutsBetweenCharacters) {
  EXPECT_EQ(Shortened("abc", 3), "abc");
  EXPECT_EQ(Shortened("abcd", 3), "abc\xe2\x80\xa6");
  EXPECT_EQ(Shortened("ab\xc3\xbc", 3), "ab\xe2\x80\xa6");
}

TEST(Numbers, AreShortAndReadable) {
  EXPECT_EQ(Grouped(0), "0");
  EXPECT_EQ(Grouped(999), "999");
  EXPECT_EQ(Grouped(1234567), "1,234,567");
  EXPECT_EQ(Bytes(512), "512 B");
  EXPECT_EQ(Bytes(12.3 * 1024), "12.3 KiB");
  EXPECT_EQ(Bytes(8 << 20), "8.0 MiB");
  EXPECT_EQ(Percent(0), "0.0%");
  EXPECT_EQ(Percent(0.0001), "<0.1%");
  EXPECT_EQ(Percent(0.1234), "12.3%");
}

TEST(Demangled, IsTheNameAsItIsWritten) {
  EXPECT_EQ(Demangled("_ZN4llvm5Value7getTypeEv"), "llvm::Value::getType()");
  EXPECT_EQ(Demangled("main"), "main");
  EXPECT_EQ(Demangled("_Z<script>"), "_Z<script>");
}

// Each argument is the pair of the one before it twice: 2^30 names.
TEST(Demangled, EndsOnNamesThatExpandWithoutEnd) {
  std::string name = "_Z1f1A";
  for (int i = 0; i < 30; ++i) name += "1BIS_S_E";
  EXPECT_LE(Demangled(name).size(), 1024u);
}

}  // namespace
}  // namespace relink::tools
