// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <fcntl.h>
#include <unistd.h>

#include <cstddef>
#include <fstream>
#include <iterator>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "relink/link/loader.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

std::string Top() { return TestdataPath("dependencies/libtop.so"); }

std::string Contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

int TopValue(const absl::StatusOr<Library>& library) {
  EXPECT_TRUE(library.ok()) << library.status();
  if (!library.ok()) return -1;
  auto function = library->Get<int()>("top_value");
  EXPECT_TRUE(function.ok()) << function.status();
  return function.ok() ? (*function)() : -1;
}

TEST(LoadSource, LoadsFromAPath) {
  Loader loader;
  EXPECT_EQ(TopValue(loader.LoadDylib(Top())), 111);
}

TEST(LoadSource, LoadsFromADescriptorAndLeavesItToTheCaller) {
  const int descriptor = open(Top().c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_GE(descriptor, 0);
  ASSERT_EQ(lseek(descriptor, 7, SEEK_SET), 7);
  Loader loader;
  auto source = ModuleSource::FromDescriptor(descriptor, Top());
  ASSERT_TRUE(source.ok()) << source.status();
  EXPECT_EQ(TopValue(loader.LoadDylib(*std::move(source))), 111);
  EXPECT_EQ(lseek(descriptor, 0, SEEK_CUR), 7);
  EXPECT_EQ(close(descriptor), 0);
}

TEST(LoadSource, LoadsFromMemoryWithOriginFromItsName) {
  const std::string bytes = Contents(Top());
  Loader loader;
  auto library = loader.LoadDylib(
      ModuleSource::FromMemory(std::as_bytes(std::span(bytes)), Top()));
  EXPECT_EQ(TopValue(library), 111);
  EXPECT_EQ(library->name(), Top());
}

TEST(LoadSource, CannotFindNeighboursOfANamelessMemory) {
  const std::string bytes = Contents(Top());
  Loader loader;
  auto library = loader.LoadDylib(
      ModuleSource::FromMemory(std::as_bytes(std::span(bytes)), "nameless"));
  EXPECT_EQ(library.status().code(), absl::StatusCode::kNotFound);
}

TEST(LoadSource, RefusesAClosedDescriptor) {
  EXPECT_EQ(ModuleSource::FromDescriptor(-1, "closed").status().code(),
            absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace relink
