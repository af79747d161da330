// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Destructors of thread-local objects (__cxa_thread_atexit).

#include <cstdlib>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/link/dlopened_library.h"
#include "relink/link/loader.h"
#include "testdata/testdata_path.h"

namespace {

std::mutex mutex;

std::vector<std::string>& Events() {
  static auto& events = *new std::vector<std::string>();
  return events;
}

std::vector<std::string> TakeEvents() {
  std::lock_guard lock(mutex);
  std::vector<std::string> taken;
  taken.swap(Events());
  return taken;
}

}  // namespace

// What the fixture calls.
extern "C" __attribute__((visibility("default"))) void record(
    const char* event) {
  std::lock_guard lock(mutex);
  Events().emplace_back(event);
}

namespace relink {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string Path() { return TestdataPath("threads/libconstructed.so"); }

TEST(ThreadExit, DestroysWhatTheThreadConstructed) {
  Loader loader;
  auto library = loader.LoadDylib(Path());
  ASSERT_TRUE(library.ok()) << library.status();
  auto use = *library->Get<int()>("use_noisy");
  std::thread([&] {
    EXPECT_THAT(TakeEvents(), IsEmpty());
    EXPECT_EQ(use(), 3);
    EXPECT_EQ(use(), 4);
    EXPECT_THAT(TakeEvents(), ElementsAre("constructed"));
  }).join();
  EXPECT_THAT(TakeEvents(), ElementsAre("destroyed"));
}

TEST(ThreadExit, DestroysNothingInAThreadThatUsedNothing) {
  Loader loader;
  auto library = loader.LoadDylib(Path());
  ASSERT_TRUE(library.ok()) << library.status();
  std::thread([] {}).join();
  EXPECT_THAT(TakeEvents(), IsEmpty());
}

TEST(ThreadExit, KeepsALibraryThatHasDestructorsToRun) {
  Loader loader;
  std::optional<Library> library = *loader.LoadDylib(Path());
  std::thread([&] {
    {
      auto use = *library->Get<int()>("use_noisy");
      EXPECT_EQ(use(), 3);
    }
    library.reset();
    EXPECT_THAT(TakeEvents(), ElementsAre("constructed"));
  }).join();
  EXPECT_THAT(TakeEvents(), ElementsAre("destroyed"));
}

TEST(ThreadExitDeathTest, OfTheMainThreadRunsThemToo) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_EXIT(
      {
        Loader loader;
        {
          auto library = loader.LoadDylib(Path());
          auto use = *library->Get<int()>("use_noisy");
          if (use() != 3) std::abort();
        }
        std::exit(0);
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace relink
