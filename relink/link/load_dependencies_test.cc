// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/link/dlopened_library.h"
#include "relink/link/loader.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

using ::testing::ElementsAre;

std::string Path(absl::string_view name) {
  return TestdataPath(absl::StrCat("dependencies/", name));
}

// What a function without arguments returns, from Relink and from ld.so.
int Ours(const Library& library, absl::string_view name) {
  auto function = library.Get<int()>(name);
  EXPECT_TRUE(function.ok()) << function.status();
  return function.ok() ? (*function)() : -1;
}
int Theirs(const std::string& path, const char* name) {
  DlopenedLibrary library(path);
  EXPECT_TRUE(library.ok()) << library.error();
  return library.ok() ? library.Get<int()>(name)() : -2;
}

TEST(LoadDependencies, LoadsAChainOfThreeThroughRunpath) {
  Loader loader;
  auto library = loader.LoadDylib(Path("libtop.so"));
  ASSERT_TRUE(library.ok()) << library.status();
  EXPECT_EQ(Ours(*library, "top_value"), 111);
  EXPECT_EQ(Ours(*library, "top_value"),
            Theirs(Path("libtop.so"), "top_value"));
  EXPECT_THAT(library->loaded(),
              ElementsAre(Path("libtop.so"), Path("libmiddle.so"),
                          Path("libbottom.so")));
}

TEST(LoadDependencies, FollowsRpathWhereThereIsNoRunpath) {
  Loader loader;
  auto library = loader.LoadDylib(Path("librpath_top.so"));
  ASSERT_TRUE(library.ok()) << library.status();
  EXPECT_EQ(Ours(*library, "top_value"), 111);
}

TEST(LoadDependencies, LoadsASharedDependencyOnce) {
  Loader loader;
  auto library = loader.LoadDylib(Path("libdiamond.so"));
  ASSERT_TRUE(library.ok()) << library.status();
  EXPECT_THAT(library->loaded(),
              ElementsAre(Path("libdiamond.so"), Path("libleft.so"),
                          Path("libright.so"), Path("libbottom.so")));
  EXPECT_EQ(Ours(*library, "diamond_counts"), 12);
  EXPECT_EQ(Theirs(Path("libdiamond.so"), "diamond_counts"), 12);
}

TEST(LoadDependencies, GivesEachLoadItsOwnCopies) {
  Loader loader;
  auto first = loader.LoadDylib(Path("libbottom.so"));
  auto second = loader.LoadDylib(Path("libbottom.so"));
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_NE(first->base(), second->base());
  EXPECT_EQ(Ours(*first, "bottom_count"), 1);
  EXPECT_EQ(Ours(*first, "bottom_count"), 2);
  EXPECT_EQ(Ours(*second, "bottom_count"), 1);
}

TEST(LoadDependencies, CutsACycle) {
  Loader loader;
  auto library = loader.LoadDylib(Path("libcycle_first.so"));
  ASSERT_TRUE(library.ok()) << library.status();
  EXPECT_THAT(library->loaded(), ElementsAre(Path("libcycle_first.so"),
                                             Path("libcycle_second.so")));
  EXPECT_EQ(Ours(*library, "first_through_second"), 20);
  EXPECT_EQ(Theirs(Path("libcycle_first.so"), "first_through_second"), 20);
}

TEST(LoadDependencies, UsesWhatTheProcessHasRatherThanLoadItAgain) {
  DlopenedLibrary bottom(Path("libbottom.so"));
  ASSERT_TRUE(bottom.ok());
  Loader loader;
  auto library = loader.LoadDylib(Path("libdiamond.so"));
  ASSERT_TRUE(library.ok()) << library.status();
  EXPECT_EQ(library->loaded().size(), 3u);
  EXPECT_EQ(Ours(*library, "diamond_counts"), 12);
  EXPECT_EQ(bottom.Get<int()>("bottom_count")(), 3);
}

TEST(LoadDependencies, KeepsALibraryOfTheHostLoaded) {
  Loader loader;
  auto library = [&] {
    DlopenedLibrary bottom(Path("libbottom.so"));
    return loader.LoadDylib(Path("libdiamond.so"));
  }();
  ASSERT_TRUE(library.ok()) << library.status();
  EXPECT_EQ(Ours(*library, "diamond_counts"), 12);
  *library = *loader.LoadDylib(Path("libbottom.so"));
  // Nobody holds it any more.
  EXPECT_EQ(dlopen(Path("libbottom.so").c_str(), RTLD_NOW | RTLD_NOLOAD),
            nullptr);
}

TEST(LoadDependencies, SaysWhichLibraryIsMissingAndWhereItLooked) {
  Loader loader;
  auto library = loader.LoadDylib(Path("libmissing_library.so"));
  EXPECT_EQ(library.status().code(), absl::StatusCode::kNotFound);
  const std::string name = "libabsent_at_run_time.so";
  EXPECT_THAT(
      std::string(library.status().message()),
      ::testing::StartsWith(absl::StrCat(
          Path("libmissing_library.so"), ": needs ", name,
          ", which is neither in the process nor at ", Path(name), ", ")));
}

TEST(LoadDependencies, ListsEveryMissingSymbol) {
  Loader loader;
  auto library = loader.LoadDylib(Path("libmissing_symbols.so"));
  EXPECT_EQ(library.status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(std::string(library.status().message()),
            absl::StrCat(Path("libmissing_symbols.so"),
                         ": undefined symbol: absent_function, absent_pointer, "
                         "absent_variable"));
  EXPECT_FALSE(DlopenedLibrary(Path("libmissing_symbols.so")).ok());
}

TEST(LoadDependencies, SaysThatAFileIsNotThere) {
  Loader loader;
  auto library = loader.LoadDylib("/nowhere/libnone.so");
  EXPECT_EQ(library.status(),
            absl::NotFoundError(
                "/nowhere/libnone.so: open: No such file or directory"));
}

TEST(LoadDependencies, RefusesADirectoryAndAnEmptyFile) {
  Loader loader;
  EXPECT_EQ(loader.LoadDylib("/tmp").status(),
            absl::InvalidArgumentError("/tmp: not a regular file"));
  EXPECT_EQ(loader.LoadDylib("/dev/null").status(),
            absl::InvalidArgumentError("/dev/null: not a regular file"));
}

}  // namespace
}  // namespace relink
