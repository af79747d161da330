// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/file_contents.h"

#include <fstream>
#include <string>
#include <utility>

#include "gtest/gtest.h"

namespace relink::tools {
namespace {

std::string FileWith(const std::string& name, const std::string& contents) {
  std::string path = testing::TempDir() + name;
  std::ofstream(path, std::ios::binary) << contents;
  return path;
}

TEST(FileContents, AreTheBytesOfTheFile) {
  auto contents = FileContents::Read(FileWith("five_bytes", "12345"));
  ASSERT_TRUE(contents.ok()) << contents.status();
  FileContents moved = *std::move(contents);
  ASSERT_EQ(moved.bytes().size(), 5u);
  EXPECT_EQ(moved.bytes().bytes()[4], std::byte{'5'});
}

TEST(FileContents, MayBeEmpty) {
  auto contents = FileContents::Read(FileWith("no_bytes", ""));
  ASSERT_TRUE(contents.ok()) << contents.status();
  EXPECT_EQ(contents->bytes().size(), 0u);
}

TEST(FileContents, SayWhyTheyCannotBeRead) {
  EXPECT_EQ(FileContents::Read("/nonexistent/x").status(),
            absl::NotFoundError(
                "/nonexistent/x: cannot open: No such file or directory"));
  EXPECT_EQ(FileContents::Read("/").status(),
            absl::FailedPreconditionError("/: is a directory"));
  EXPECT_EQ(FileContents::Read("/dev/null").status(),
            absl::FailedPreconditionError("/dev/null: not a regular file"));
}

}  // namespace
}  // namespace relink::tools
