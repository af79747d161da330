// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/profiler_maps.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace relink {
namespace {

constexpr RuntimeRange kCode{RuntimeAddr(0x7f0000001230), 0x45};

std::string ContentsOf(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST(ProfilerText, HasALineForEachName) {
  ProfilerText text;
  text.AddName(kCode, "f(int, char)");
  text.AddName(kCode, "");
  text.AddName(kCode, "f\n7f0000001230 45 g");
  EXPECT_EQ(text.names, "7f0000001230 45 f(int, char)\n");
  EXPECT_EQ(text.origins, "");
}

TEST(ProfilerText, SaysWhichFileCodeIsOf) {
  ProfilerText text;
  text.AddOrigin(kCode, FileOffset(0x1230), "\x01\xab", "/a b");
  text.AddOrigin(kCode, FileOffset(0x1230), "", "/c");
  text.AddOrigin(kCode, FileOffset(0x1230), "", "/d\n/e");
  EXPECT_EQ(text.origins,
            "7f0000001230 45 1230 01ab /a b\n7f0000001230 45 1230 - /c\n");
}

class ProfilerMapsTest : public testing::Test {
 protected:
  ProfilerMapsTest() { mkdir(folder_.c_str(), 0700); }

  std::string PathOf(absl::string_view kind, pid_t pid) const {
    return absl::StrCat(folder_, "/", kind, "-", pid, ".map");
  }
  absl::Status Append(ProfilerMaps& maps, absl::string_view name) const {
    ProfilerText text;
    text.AddName(kCode, name);
    text.AddOrigin(kCode, FileOffset(0x1230), "", name);
    return maps.Append(text);
  }

  const std::string folder_ = absl::StrCat(testing::TempDir(), "/maps");
};

TEST_F(ProfilerMapsTest, ReplaceOldFilesAndAppendToTheirOwn) {
  const std::string other = absl::StrCat(folder_, "/other");
  std::ofstream(other) << "other\n";
  unlink(PathOf("perf", getpid()).c_str());
  ASSERT_EQ(symlink(other.c_str(), PathOf("perf", getpid()).c_str()), 0);
  ProfilerMaps maps(folder_);
  ASSERT_TRUE(Append(maps, "a").ok());
  ASSERT_TRUE(Append(maps, "b").ok());
  EXPECT_EQ(ContentsOf(PathOf("perf", getpid())),
            "7f0000001230 45 a\n7f0000001230 45 b\n");
  EXPECT_EQ(ContentsOf(PathOf("relink", getpid())),
            "7f0000001230 45 1230 - a\n7f0000001230 45 1230 - b\n");
  EXPECT_EQ(ContentsOf(other), "other\n");
}

TEST_F(ProfilerMapsTest, AreOthersInAChildProcess) {
  ProfilerMaps maps(folder_);
  ASSERT_TRUE(Append(maps, "parent").ok());
  const pid_t child = fork();
  if (child == 0) _exit(Append(maps, "child").ok() ? 0 : 1);
  int status = 1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(ContentsOf(PathOf("perf", child)), "7f0000001230 45 child\n");
  EXPECT_EQ(ContentsOf(PathOf("perf", getpid())), "7f0000001230 45 parent\n");
}

TEST_F(ProfilerMapsTest, AreNotWrittenWithoutAFolder) {
  ProfilerMaps nowhere("");
  EXPECT_FALSE(nowhere.wanted());
  EXPECT_TRUE(Append(nowhere, "a").ok());
  ProfilerMaps missing(absl::StrCat(folder_, "/missing"));
  EXPECT_EQ(Append(missing, "a").code(), absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace relink
