// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/report/replaced_file.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace relink::tools {
namespace {

namespace fs = std::filesystem;

// A folder of its own for each test.
class ReplacedFileTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  std::string Path(absl::string_view name) const {
    return absl::StrCat(folder_, "/", name);
  }
  static std::string ContentsOf(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  auto FileCount() const {
    return std::distance(fs::directory_iterator(folder_), {});
  }

  const std::string folder_ = absl::StrCat(
      testing::TempDir(), "/",
      testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(ReplacedFileTest, KeepsTheOldOneUntilAllIsWritten) {
  std::ofstream(Path("out")) << "old";
  auto file = ReplacedFile::Open(Path("out"));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(ContentsOf(Path("out")), "old");
  EXPECT_TRUE(std::move(*file).Write("new").ok());
  EXPECT_EQ(ContentsOf(Path("out")), "new");
  EXPECT_EQ(FileCount(), 1);
}

TEST_F(ReplacedFileTest, LeavesNothingIfNothingIsWritten) {
  { ASSERT_TRUE(ReplacedFile::Open(Path("out")).ok()); }
  EXPECT_EQ(FileCount(), 0);
}

TEST_F(ReplacedFileTest, KeepsLinksAndRights) {
  std::ofstream(Path("target")) << "old";
  fs::permissions(Path("target"), fs::perms(0600));
  fs::create_symlink("target", Path("out"));
  auto file = ReplacedFile::Open(Path("out"));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_TRUE(std::move(*file).Write("new").ok());
  EXPECT_TRUE(fs::is_symlink(Path("out")));
  EXPECT_EQ(ContentsOf(Path("target")), "new");
  EXPECT_EQ(fs::status(Path("target")).permissions(), fs::perms(0600));
}

TEST_F(ReplacedFileTest, WritesDevicesAsTheyAre) {
  auto file = ReplacedFile::Open("/dev/null");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_TRUE(std::move(*file).Write("new").ok());
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(ReplacedFileTest, SaysWhyItCannotBeWritten) {
  EXPECT_EQ(ReplacedFile::Open("/no/such/folder/out").status().message(),
            "/no/such/folder/out: cannot write: No such file or directory");
  EXPECT_FALSE(ReplacedFile::Open(folder_).ok());
}

}  // namespace
}  // namespace relink::tools
