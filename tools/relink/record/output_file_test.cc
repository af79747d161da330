// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/record/output_file.h"

#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace relink::tools {
namespace {

std::string Path(absl::string_view name) {
  return absl::StrCat(testing::TempDir(), "/", name);
}

std::string ContentsOf(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST(OutputFile, HasWhatItHadUntilItIsWritten) {
  const std::string path = Path("old");
  std::ofstream(path) << "something long";
  auto output = OutputFile::Open(path);
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_EQ(ContentsOf(path), "something long");
  EXPECT_TRUE((*std::move(output)).Write("short").ok());
  EXPECT_EQ(ContentsOf(path), "short");
}

TEST(OutputFile, LeavesNothingNewBehindIfNothingIsWritten) {
  const std::string path = Path("new");
  unlink(path.c_str());
  { ASSERT_TRUE(OutputFile::Open(path).ok()); }
  EXPECT_NE(access(path.c_str(), F_OK), 0);
  std::ofstream(path) << "old";
  { ASSERT_TRUE(OutputFile::Open(path).ok()); }
  EXPECT_EQ(ContentsOf(path), "old");
}

TEST(OutputFile, WritesWhatIsNoFile) {
  auto output = OutputFile::Open("/dev/null");
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_TRUE((*std::move(output)).Write("x").ok());
}

TEST(OutputFile, SaysWhatCannotBeWritten) {
  const auto folder = OutputFile::Open(testing::TempDir()).status();
  EXPECT_EQ(folder.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(folder.message().find("cannot write") != std::string::npos)
      << folder;
  EXPECT_FALSE(OutputFile::Open(Path("missing/file")).ok());
  auto full = OutputFile::Open("/dev/full");
  ASSERT_TRUE(full.ok());
  EXPECT_EQ((*std::move(full)).Write("x").code(),
            absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace relink::tools
