// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/verify/library_files.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "testdata/testdata_path.h"

namespace relink::tools {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

class FindLibrariesIn : public testing::Test {
 protected:
  void SetUp() override {
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "sub");
  }
  std::string Path(const std::string& name) const { return folder_ / name; }
  std::string Library(const std::string& name) const {
    fs::copy_file(TestdataPath("dependencies/libbottom.so"), Path(name));
    return Path(name);
  }
  static std::vector<std::string> Find(const std::vector<std::string>& paths) {
    auto found = FindLibraries({paths.begin(), paths.end()});
    EXPECT_TRUE(found.ok()) << found.status();
    return found.ok() ? *found : std::vector<std::string>();
  }

  const fs::path folder_ = fs::path(testing::TempDir()) / "libraries";
};

TEST_F(FindLibrariesIn, AFolderAndThoseBelow) {
  const std::string second = Library("second.so");
  const std::string deep = Library("sub/deep.so.1.2");
  const std::string first = Library("first");
  EXPECT_THAT(Find({folder_}), ElementsAre(first, second, deep));
}

TEST_F(FindLibrariesIn, AFolderIsWhatTheirHeadersSay) {
  std::ofstream(Path("script.so")) << "INPUT(libc.so.6)\n";
  std::ofstream(Path("empty.so")).flush();
  // Another machine: e_machine is at offset 18.
  const std::string foreign = Library("foreign.so");
  std::fstream(foreign, std::ios::in | std::ios::out | std::ios::binary)
      .seekp(18)
      .write("\xb7", 1);
  EXPECT_THAT(Find({folder_}), IsEmpty());
}

TEST_F(FindLibrariesIn, AFolderAreTakenOnceEach) {
  const std::string library = Library("a.so");
  fs::create_symlink(library, Path("b.so"));
  fs::create_hard_link(library, Path("c.so"));
  fs::create_directory_symlink(folder_, Path("loop"));
  EXPECT_THAT(Find({folder_}), ElementsAre(library));
  EXPECT_THAT(Find({folder_, library}), ElementsAre(library));
}

TEST_F(FindLibrariesIn, OperandsAreWhatTheUserNamed) {
  // Whoever names a file wants to hear what is wrong with it.
  std::ofstream(Path("text")) << "text";
  const std::string library = Library("b.so");
  fs::create_symlink(library, Path("link.so"));
  EXPECT_THAT(Find({Path("text"), Path("link.so")}),
              ElementsAre(Path("text"), Path("link.so")));
}

TEST_F(FindLibrariesIn, ThatIsNotThere) {
  const std::string path = Path("absent.so");
  const auto found = FindLibraries({path});
  EXPECT_EQ(found.status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(found.status().message(),
            absl::StrCat(path, ": No such file or directory"));
  const std::string below = Library("a.so") + "/below";
  EXPECT_EQ(FindLibraries({below}).status(),
            absl::NotFoundError(absl::StrCat(below, ": Not a directory")));
}

TEST_F(FindLibrariesIn, SomethingElseThanAFile) {
  const std::string path = Path("fifo");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(FindLibraries({path}).status(),
            absl::InvalidArgumentError(
                absl::StrCat(path, ": not a regular file or directory")));
  EXPECT_THAT(Find({folder_}), IsEmpty());
}

}  // namespace
}  // namespace relink::tools
