// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/link/dlopened_library.h"
#include "relink/link/loader.h"
#include "testdata/testdata_path.h"

namespace {

std::vector<std::string>& Events() {
  static auto& events = *new std::vector<std::string>();
  return events;
}

std::vector<std::string> TakeEvents() {
  std::vector<std::string> taken;
  taken.swap(Events());
  return taken;
}

}  // namespace

// What fixtures call.
extern "C" __attribute__((visibility("default"))) void record(
    const char* event) {
  Events().emplace_back(event);
}

namespace relink {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string Path(absl::string_view name) {
  return TestdataPath(absl::StrCat("initialization/", name));
}

class InitializationOrder : public testing::TestWithParam<const char*> {};

TEST_P(InitializationOrder, IsThatOfLdSo) {
  const std::string path = Path(GetParam());
  TakeEvents();
  { DlopenedLibrary theirs(path); }
  const std::vector<std::string> expected = TakeEvents();
  ASSERT_FALSE(expected.empty());

  Loader loader;
  {
    auto library = loader.LoadDylib(path);
    ASSERT_TRUE(library.ok()) << library.status();
  }
  EXPECT_EQ(TakeEvents(), expected);
}

INSTANTIATE_TEST_SUITE_P(, InitializationOrder,
                         testing::Values("libbottom.so", "libleft.so",
                                         "libtop.so", "libstatics.so"),
                         [](const auto& test) {
                           const std::string name(test.param);
                           return name.substr(3, name.size() - 6);
                         });

TEST(Initialization, RunsInitThenConstructorsAndTheReverseAtTheEnd) {
  Loader loader;
  TakeEvents();
  {
    auto library = loader.LoadDylib(Path("libbottom.so"));
    ASSERT_TRUE(library.ok()) << library.status();
    EXPECT_THAT(TakeEvents(),
                ElementsAre("bottom init", "bottom first constructor",
                            "bottom second constructor"));
  }
  EXPECT_THAT(TakeEvents(),
              ElementsAre("bottom first destructor", "bottom second destructor",
                          "bottom fini"));
}

TEST(Initialization, CutsACycleWhereLdSoDoes) {
  const std::string path = Path("libcycle_first.so");
  Loader loader;
  TakeEvents();
  auto library = loader.LoadDylib(path);
  ASSERT_TRUE(library.ok()) << library.status();
  const std::vector<std::string> ours = TakeEvents();
  EXPECT_EQ(ours.size(), 4u);

  DlopenedLibrary theirs(path);
  EXPECT_EQ(ours, TakeEvents());
}

TEST(Initialization, PassesTheProcesssArguments) {
  Loader loader;
  auto ours = loader.LoadDylib(Path("libarguments.so"));
  ASSERT_TRUE(ours.ok()) << ours.status();
  DlopenedLibrary theirs(Path("libarguments.so"));
  ASSERT_TRUE(theirs.ok()) << theirs.error();
  EXPECT_EQ(**ours->Get<int>("argument_count"),
            *theirs.Get<int>("argument_count"));
  EXPECT_EQ(**ours->Get<char**>("arguments"), *theirs.Get<char**>("arguments"));
  EXPECT_EQ(**ours->Get<char**>("environment"),
            *theirs.Get<char**>("environment"));
}

TEST(Initialization, DestroysLocalStaticsAndRunsAtExitWhenTheLibraryGoes) {
  const auto run = [](auto make_local, auto at_exit) {
    make_local();
    at_exit();
  };
  Loader loader;
  TakeEvents();
  {
    auto library = loader.LoadDylib(Path("libstatics.so"));
    ASSERT_TRUE(library.ok()) << library.status();
    run(*library->Get<void()>("make_local"),
        *library->Get<void()>("register_at_exit"));
  }
  const std::vector<std::string> ours = TakeEvents();
  {
    DlopenedLibrary library(Path("libstatics.so"));
    run(library.Get<void()>("make_local"),
        library.Get<void()>("register_at_exit"));
  }
  EXPECT_EQ(ours, TakeEvents());
  EXPECT_THAT(ours,
              ElementsAre("first constructed", "second constructed",
                          "local constructed", "at exit", "local destroyed",
                          "second destroyed", "first destroyed"));
}

TEST(Initialization, HasNotRunInALinkedImage) {
  TakeEvents();
  Loader loader;
  auto source = ModuleSource::Open(Path("libtop.so"));
  ASSERT_TRUE(source.ok());
  {
    auto image = loader.Link(*std::move(source));
    ASSERT_TRUE(image.ok()) << image.status();
  }
  EXPECT_THAT(TakeEvents(), IsEmpty());
  source = ModuleSource::Open(Path("libaborting.so"));
  ASSERT_TRUE(source.ok());
  EXPECT_TRUE(loader.Link(*std::move(source)).ok());
}

TEST(InitializationDeathTest, RunsWhenALibraryIsLoaded) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_DEATH(
      {
        Loader loader;
        (void)loader.LoadDylib(Path("libaborting.so"));
      },
      "");
}

}  // namespace
}  // namespace relink
