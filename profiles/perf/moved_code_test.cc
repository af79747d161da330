// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/perf/moved_code.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace relink::profiles {
namespace {

TEST(ParseMovedRange, ReadsALine) {
  const auto range = ParseMovedRange("7f0010 20 1040 0aff /lib/a b.so");
  ASSERT_TRUE(range);
  EXPECT_EQ(range->memory, (RuntimeRange{RuntimeAddr(0x7f0010), 0x20}));
  EXPECT_EQ(range->offset, FileOffset(0x1040));
  EXPECT_EQ(range->build_id, "\x0a\xff");
  EXPECT_EQ(range->path, "/lib/a b.so");
  EXPECT_EQ(ParseMovedRange("1 1 0 - /a")->build_id, "");
}

TEST(ParseMovedRange, TakesNothingElse) {
  const std::string max = "ffffffffffffffff";
  for (const std::string& line : {
           std::string(),
           std::string(" "),
           std::string("1 2 3 -"),
           std::string("1 2 3 - "),
           std::string("1 2 3  /a"),
           std::string("1 0 3 - /a"),
           std::string("-1 2 3 - /a"),
           std::string("+1 2 3 - /a"),
           std::string("g 2 3 - /a"),
           std::string("1 2 3 abc /a"),
           std::string("1 2 3 xx /a"),
           std::string("1 2 3 -- /a"),
           std::string("\0 2 3 - /a", 10),
           max + " 2 3 - /a",
           "1 " + max + " 3 - /a",
           "1 2 " + max + " - /a",
           max + "0 2 3 - /a",
           absl::StrCat("1 2 3 ", std::string(130, 'a'), " /a"),
           absl::StrCat("1 2 3 - ", std::string(5000, 'a')),
       }) {
    EXPECT_FALSE(ParseMovedRange(line)) << line;
  }
}

class MovedCodeTest : public testing::Test {
 protected:
  MovedCodeTest() {
    mkdir(folder_.c_str(), 0700);
    unlink(File(1).c_str());
    unlink(File(2).c_str());
  }

  std::string File(int pid) const {
    return absl::StrCat(folder_, "/relink-", pid, ".map");
  }
  void Append(int pid, const std::string& text) const {
    std::ofstream(File(pid), std::ios::app) << text;
  }
  // "PATH+OFFSET"; nothing if the address was not moved.
  std::string At(uint32_t pid, uint64_t address) {
    const auto origin = moved_.Find(pid, RuntimeAddr(address));
    if (!origin) return "";
    return absl::StrCat(origin->path, "+", absl::Hex(origin->offset.value()));
  }

  const std::string folder_ = absl::StrCat(testing::TempDir(), "/moved");
  MovedCode moved_{folder_};
};

TEST_F(MovedCodeTest, LeadsBackToTheFile) {
  Append(1, "9000 10 100 - /a\n9010 10 40 0a /b\n");
  EXPECT_EQ(At(1, 0x9000), "/a+100");
  EXPECT_EQ(At(1, 0x901f), "/b+4f");
  EXPECT_EQ(At(1, 0x9020), "");
  EXPECT_EQ(At(2, 0x9000), "");
  EXPECT_FALSE(MovedCode("").Find(1, RuntimeAddr(0x9000)));
}

TEST_F(MovedCodeTest, ReadsWhatIsAddedLater) {
  Append(1, "9000 10 100 - /a\n9010 1");
  EXPECT_EQ(At(1, 0x9010), "");
  Append(1, "0 40 - /b\n");
  EXPECT_EQ(At(1, 0x9010), "/b+40");
  // Memory that a library gave back and another one took.
  Append(1, "9008 10 0 - /c\n");
  EXPECT_EQ(At(1, 0x9004), "/a+104");
  EXPECT_EQ(At(1, 0x9010), "/c+8");
}

TEST_F(MovedCodeTest, ChildrenHaveWhatTheirParentsMoved) {
  Append(1, "9000 10 100 - /a\n");
  moved_.Fork(2, 1, /*inherits=*/true);
  EXPECT_EQ(At(2, 0x9000), "/a+100");
  Append(2, "9100 10 100 - /b\n");
  EXPECT_EQ(At(2, 0x9000), "/a+100");
  EXPECT_EQ(At(2, 0x9100), "/b+100");
  EXPECT_EQ(At(1, 0x9100), "");
}

TEST_F(MovedCodeTest, AnotherProgramBeginsAnew) {
  Append(1, "9000 10 100 - /a\n");
  EXPECT_EQ(At(1, 0x9000), "/a+100");
  unlink(File(1).c_str());
  Append(1, "8000 10 100 - /b\n");
  moved_.Exec(1);
  EXPECT_EQ(At(1, 0x8000), "/b+100");
  EXPECT_EQ(At(1, 0x9000), "");
}

TEST_F(MovedCodeTest, LeavesOutLinesThatAreMalformed) {
  Append(1, "\n\n9000\n9000 10 100 - /a\nnot a line\n9020 10 100 - /b\n");
  EXPECT_EQ(At(1, 0x9000), "/a+100");
  EXPECT_EQ(At(1, 0x9020), "/b+100");
}

TEST_F(MovedCodeTest, IsNotHeldUpByWhatIsNoFile) {
  const std::string other = absl::StrCat(folder_, "/other");
  std::ofstream(other) << "9000 10 100 - /a\n";
  ASSERT_EQ(symlink(other.c_str(), File(1).c_str()), 0);
  EXPECT_EQ(At(1, 0x9000), "");
  ASSERT_EQ(mkfifo(File(2).c_str(), 0600), 0);
  EXPECT_EQ(At(2, 0x9000), "");
}

TEST_F(MovedCodeTest, TakesNoFileOfOthers) {
  Append(1, "9000 10 100 - /a\n");
  if (geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  ASSERT_EQ(chown(File(1).c_str(), 12345, 12345), 0);
  EXPECT_EQ(At(1, 0x9000), "");
}

TEST_F(MovedCodeTest, SurvivesAnyBytes) {
  std::string text;
  uint64_t state = 1;
  for (int i = 0; i < 200000; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    text += "0123456789abcdef -/\n \n\xff"[(state >> 40) % 22];
  }
  Append(1, text + "\n9000 10 100 - /a\n");
  EXPECT_EQ(At(1, 0x9000), "/a+100");
}

}  // namespace
}  // namespace relink::profiles
