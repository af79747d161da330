// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Loads, lookups, calls and unloads in several threads at once.

#include <atomic>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "relink/link/library.h"
#include "relink/link/loader.h"
#include "relink/map/proc_maps.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

constexpr int kThreads = 4;
constexpr int kRounds = 50;

void InThreads(void (*run)(Loader&, int), Loader& shared) {
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([=, &shared] {
      for (int round = 0; round < kRounds; ++round) run(shared, i);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

int ValueOf(Loader& loader) {
  const auto library = loader.LoadDylib(TestdataPath("dependencies/libtop.so"));
  if (!library.ok()) {
    ADD_FAILURE() << library.status();
    return -1;
  }
  return (*library->Get<int()>("top_value"))();
}

TEST(ConcurrentLoad, ThroughOneLoader) {
  Loader loader;
  InThreads([](Loader& shared, int) { EXPECT_EQ(ValueOf(shared), 111); },
            loader);
}

TEST(ConcurrentLoad, ThroughALoaderEach) {
  Loader unused;
  InThreads(
      [](Loader&, int) {
        Loader loader;
        EXPECT_EQ(ValueOf(loader), 111);
      },
      unused);
}

TEST(ConcurrentLoad, OfThreadLocalVariables) {
  Loader loader;
  InThreads(
      [](Loader& shared, int) {
        const auto library =
            shared.LoadDylib(TestdataPath("threads/libgeneral_dynamic.so"));
        ASSERT_TRUE(library.ok()) << library.status();
        const auto next = library->Get<int()>("next");
        ASSERT_TRUE(next.ok()) << next.status();
        EXPECT_EQ((*next)(), 8);
        EXPECT_EQ((*next)(), 9);
      },
      loader);
}

TEST(ConcurrentLoad, WhileOthersLookUpInOneLibrary) {
  Loader loader;
  const auto library = loader.LoadDylib(TestdataPath("dependencies/libtop.so"));
  ASSERT_TRUE(library.ok()) << library.status();
  static std::atomic<const Library*> shared_library;
  shared_library = &*library;
  InThreads(
      [](Loader& shared, int thread) {
        if (thread % 2 == 0) {
          EXPECT_EQ(ValueOf(shared), 111);
        }
        const Library& common = *shared_library;
        EXPECT_NE(common.Find("top_value"), nullptr);
        EXPECT_NE(common.Find("bottom_count"), nullptr);
        EXPECT_EQ(common.Find("absent"), nullptr);
        for (int i = 0; i < 100; ++i) {
          EXPECT_EQ(common.Find("absent" + std::to_string(i)), nullptr);
        }
      },
      loader);
}

TEST(ConcurrentLoad, WhileOthersThrow) {
  Loader loader;
  InThreads(
      [](Loader& shared, int thread) {
        if (thread % 2 == 0) {
          EXPECT_EQ(ValueOf(shared), 111);
          return;
        }
        for (int i = 0; i < 20; ++i) {
          EXPECT_THROW(throw std::runtime_error("host"), std::runtime_error);
        }
      },
      loader);
}

int CountDescriptors() {
  int count = 0;
  for ([[maybe_unused]] const auto& entry :
       std::filesystem::directory_iterator("/proc/self/fd")) {
    ++count;
  }
  return count;
}

TEST(RepeatedLoad, LeavesNothingBehind) {
  Loader loader;
  for (int i = 0; i < 10; ++i) EXPECT_EQ(ValueOf(loader), 111);
  const int descriptors = CountDescriptors();
  const MapsSnapshot before;
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(ValueOf(loader), 111);
  const MapsSnapshot after;
  EXPECT_EQ(CountDescriptors(), descriptors);
  if (kMapsAreOurs) {
    EXPECT_TRUE(before == after);
  }
}

}  // namespace
}  // namespace relink
