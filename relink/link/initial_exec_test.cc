// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// The limits of initial-exec thread-local storage, which must be static.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "relink/link/loader.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

std::string Path(absl::string_view name) {
  return TestdataPath(absl::StrCat("threads/", name));
}

// A thread that waits until told to run a function, and then ends.
class WaitingThread {
 public:
  WaitingThread() : thread_([this] { Wait(); }) {}
  ~WaitingThread() {
    Run([] {});
  }

  template <typename Function>
  void Run(Function function) {
    if (!thread_.joinable()) return;
    {
      std::lock_guard lock(mutex_);
      function_ = function;
    }
    wake_.notify_one();
    thread_.join();
  }

 private:
  void Wait() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return function_ != nullptr; });
    function_();
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::function<void()> function_;
  std::thread thread_;
};

TEST(InitialExec, RefusesABlockThatTheReserveCannotHold) {
  Loader loader;
  auto library = loader.LoadDylib(Path("libinitial_exec_huge.so"));
  EXPECT_EQ(library.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(absl::StartsWith(
      library.status().message(),
      absl::StrCat(Path("libinitial_exec_huge.so"), ": DT_RELA[")));
  EXPECT_TRUE(absl::StrContains(library.status().message(),
                                "static TLS: initial-exec block of 65556 bytes "
                                "does not fit into the reserve of 4096"))
      << library.status();
}

TEST(InitialExec, UsesTheReserveUpAndGivesItBack) {
  Loader loader;
  for (int round = 0; round < 3; ++round) {
    std::vector<Library> libraries;
    absl::Status status;
    while (status.ok()) {
      auto library = loader.LoadDylib(Path("libinitial_exec.so"));
      status = library.status();
      if (library.ok()) libraries.push_back(*std::move(library));
      ASSERT_LT(libraries.size(), 5000u);
    }
    EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
    ASSERT_GT(libraries.size(), 400u) << "round " << round;
    // In the order that they came, which leaves holes for a while.
    libraries.erase(libraries.begin(), libraries.begin() + 10);
  }
}

TEST(InitialExec, IsInitializedInThreadsThatStartLater) {
  Loader loader;
  auto library = loader.LoadDylib(Path("libinitial_exec.so"));
  ASSERT_TRUE(library.ok()) << library.status();
  auto next = *library->Get<int()>("next");
  EXPECT_EQ(next(), 8);
  std::thread([&] { EXPECT_EQ(next(), 8); }).join();
}

TEST(InitialExec, WithInitializedDataIsRefusedWhereThreadsRun) {
  WaitingThread thread;
  Loader loader;
  auto library = loader.LoadDylib(Path("libinitial_exec.so"));
  EXPECT_EQ(library.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(absl::StrContains(
      library.status().message(),
      "static TLS: initialized initial-exec data cannot be given to threads "
      "that already run"))
      << library.status();
}

TEST(InitialExec, WithoutInitializedDataIsLoadedWhereThreadsRun) {
  WaitingThread thread;
  Loader loader;
  auto library = loader.LoadDylib(Path("libinitial_exec_zeros.so"));
  ASSERT_TRUE(library.ok()) << library.status();
  auto next = *library->Get<int()>("next");
  EXPECT_EQ(next(), 1);
  thread.Run([&] { EXPECT_EQ(next(), 1); });
}

TEST(InitialExec, OfZerosIsZeroAgainInThreadsThatUsedAnUnloadedLibrary) {
  WaitingThread used_later;
  Loader loader;
  {
    auto first = loader.LoadDylib(Path("libinitial_exec_zeros.so"));
    ASSERT_TRUE(first.ok()) << first.status();
    EXPECT_EQ((*first->Get<int()>("next"))(), 1);
  }
  auto second = loader.LoadDylib(Path("libinitial_exec_zeros.so"));
  ASSERT_TRUE(second.ok()) << second.status();
  auto next = *second->Get<int()>("next");
  EXPECT_EQ(next(), 1);
  used_later.Run([&] { EXPECT_EQ(next(), 1); });
}

}  // namespace
}  // namespace relink
