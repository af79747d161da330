// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/pass/line_diff.h"

#include <random>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"

namespace relink {
namespace {

// Lines of one letter each.
std::string Text(absl::string_view letters) {
  std::string text;
  for (const char letter : letters) text += {letter, '\n'};
  return text;
}

std::string Diff(absl::string_view before, absl::string_view after) {
  return LineDiff(Text(before), Text(after));
}

// What `diff` makes of `before`, as `patch` would.
std::string Patched(absl::string_view before, absl::string_view diff) {
  const std::vector<std::string> old_lines = absl::StrSplit(before, '\n');
  std::vector<std::string> lines;
  size_t next = 0;  // Of old_lines.
  for (absl::string_view line : absl::StrSplit(diff, '\n')) {
    if (line.empty()) continue;
    const char mark = line[0];
    const std::string rest(line.substr(1));
    if (mark == '@') {
      size_t begin = 0, size = 1;
      const std::vector<std::string> range = absl::StrSplit(
          std::vector<std::string>(absl::StrSplit(line, ' '))[1].substr(1),
          ',');
      EXPECT_TRUE(absl::SimpleAtoi(range[0], &begin));
      if (range.size() > 1) {
        EXPECT_TRUE(absl::SimpleAtoi(range[1], &size));
      }
      if (size > 0) --begin;
      while (next < begin) lines.push_back(old_lines[next++]);
    } else if (mark == '+') {
      lines.push_back(rest);
    } else {
      EXPECT_EQ(old_lines[next], rest);
      if (mark == ' ') lines.push_back(rest);
      ++next;
    }
  }
  while (next < old_lines.size()) lines.push_back(old_lines[next++]);
  return absl::StrJoin(lines, "\n");
}

size_t ChangedLines(absl::string_view diff) {
  size_t count = 0;
  for (absl::string_view line : absl::StrSplit(diff, '\n')) {
    count += absl::StartsWith(line, "+") || absl::StartsWith(line, "-");
  }
  return count;
}

TEST(LineDiff, OfEqualTextsIsEmpty) {
  EXPECT_EQ(Diff("", ""), "");
  EXPECT_EQ(Diff("abc", "abc"), "");
}

TEST(LineDiff, ShowsAChangeWithTheLinesAround) {
  EXPECT_EQ(Diff("abcdefg", "abcxefg"),
            "@@ -2,5 +2,5 @@\n"
            " b\n"
            " c\n"
            "-d\n"
            "+x\n"
            " e\n"
            " f\n");
}

TEST(LineDiff, ShowsInsertionsAndDeletions) {
  EXPECT_EQ(Diff("", "a"), "@@ -0,0 +1 @@\n+a\n");
  EXPECT_EQ(Diff("ab", "b"), "@@ -1,2 +1 @@\n-a\n b\n");
  EXPECT_EQ(Diff("ab", "ab."), "@@ -1,2 +1,3 @@\n a\n b\n+.\n");
}

TEST(LineDiff, ShowsWhatIsFarApartApart) {
  EXPECT_EQ(Diff("abcdefgh", "bcdefg"),
            "@@ -1,3 +1,2 @@\n-a\n b\n c\n"
            "@@ -6,3 +5,2 @@\n f\n g\n-h\n");
  EXPECT_EQ(Diff("abcdef", "bcde"),
            "@@ -1,6 +1,4 @@\n-a\n b\n c\n d\n e\n-f\n");
}

TEST(LineDiff, IsAsSmallAsCanBe) {
  EXPECT_EQ(ChangedLines(Diff("abcabba", "cbabac")), 5);
  EXPECT_EQ(ChangedLines(Diff("abcdef", "axcdyf")), 4);
}

TEST(LineDiff, TurnsOneTextIntoTheOther) {
  std::mt19937 random(1);
  for (int round = 0; round < 2000; ++round) {
    std::string before, after;
    for (size_t i = random() % 30; i > 0; --i) before += "abc"[random() % 3];
    after = before;
    for (size_t i = random() % 6; i > 0; --i) {
      const size_t at = random() % (after.size() + 1);
      if (random() % 2 == 0) after.insert(at, 1, "abc"[random() % 3]);
      if (random() % 2 == 0) after.erase(at, random() % 4);
    }
    const std::string diff = Diff(before, after);
    EXPECT_EQ(Patched(Text(before), diff), Text(after)) << diff;
  }
}

TEST(LineDiff, OfTextsWithoutLikenessIsOneChange) {
  std::string before, after;
  for (int i = 0; i < 20000; ++i) {
    absl::StrAppend(&before, "before ", i, "\n");
    absl::StrAppend(&after, "after ", i, "\n");
  }
  const std::string diff = LineDiff("same\n" + before, "same\n" + after);
  EXPECT_TRUE(absl::StartsWith(diff,
                               "@@ -1,20001 +1,20001 @@\n same\n"
                               "-before 0\n-before 1\n"));
  EXPECT_EQ(ChangedLines(diff), 40000);
}

}  // namespace
}  // namespace relink
