// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Stack walks that begin below code of loaded modules.

#include <execinfo.h>

#include <csignal>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/link/library.h"
#include "relink/link/loader.h"
#include "relink/support/address.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

using testing::ElementsAre;

using CallWithGuard = void(void (*)(), int*);

Library Load(const std::string& name) {
  Loader loader;
  auto library = loader.LoadDylib(TestdataPath("cxx/" + name));
  EXPECT_TRUE(library.ok()) << library.status();
  return *std::move(library);
}

// What the callbacks below leave.
std::vector<void*> trace;

void TakeTrace() {
  void* frames[64];
  const int count = backtrace(frames, 64);
  trace.assign(frames, frames + count);
}

// Calls `function` from a function of `library`.
void CallThrough(const Library& library, void (*function)()) {
  const auto call = library.Get<CallWithGuard>("call_with_guard");
  ASSERT_TRUE(call.ok()) << call.status();
  int destroyed = 0;
  (*call)(function, &destroyed);
  EXPECT_EQ(destroyed, 1);
}

bool Contains(const Library& library, void* frame) {
  const RuntimeRange at{RuntimeAddr(reinterpret_cast<uint64_t>(frame)), 1};
  for (const LibrarySegment& segment : library.segments()) {
    if (segment.memory.Contains(at)) return true;
  }
  return false;
}

// Which of the libraries the frames of the trace are of, innermost first, and
// whether frames of the host follow.
std::vector<int> Owners(const std::vector<const Library*>& libraries) {
  std::vector<int> owners;
  size_t last = 0;
  for (size_t i = 0; i < trace.size(); ++i) {
    for (size_t j = 0; j < libraries.size(); ++j) {
      if (!Contains(*libraries[j], trace[i])) continue;
      owners.push_back(static_cast<int>(j));
      last = i;
    }
  }
  EXPECT_GT(trace.size(), last + 2) << "the walk ended in a library";
  return owners;
}

// The libraries to go through, the next one last.
std::vector<const Library*> path;

void Descend() {
  if (path.empty()) {
    TakeTrace();
    return;
  }
  const Library& next = *path.back();
  path.pop_back();
  CallThrough(next, Descend);
}

TEST(Backtrace, GoesThroughSeveralLibraries) {
  const Library first = Load("libcatcher.so");
  const Library second = Load("liblarge_catcher.so");
  const Library again = Load("libcatcher.so");
  path = {&again, &first, &second, &first};
  Descend();
  EXPECT_THAT(Owners({&first, &second, &again}), ElementsAre(2, 0, 1, 0));
}

TEST(Backtrace, BeginsInASignalHandlerBelowALibrary) {
  const Library library = Load("libcatcher.so");
  struct sigaction action = {};
  struct sigaction before;
  action.sa_handler = [](int) { TakeTrace(); };
  TakeTrace();  // The first use of the unwinder allocates.
  ASSERT_EQ(sigaction(SIGUSR1, &action, &before), 0);
  CallThrough(library, [] { raise(SIGUSR1); });
  sigaction(SIGUSR1, &before, nullptr);
  EXPECT_THAT(Owners({&library}), ElementsAre(0));
}

TEST(Backtrace, WorksInEveryThread) {
  const Library library = Load("libcatcher.so");
  std::thread([&] { CallThrough(library, TakeTrace); }).join();
  EXPECT_THAT(Owners({&library}), ElementsAre(0));
}

TEST(Backtrace, FindsNothingOfALibraryThatIsGone) {
  const Library kept = Load("libcatcher.so");
  {
    const Library gone = Load("libcatcher.so");
    CallThrough(gone, TakeTrace);
    EXPECT_THAT(Owners({&kept, &gone}), ElementsAre(1));
  }
  CallThrough(kept, TakeTrace);
  EXPECT_THAT(Owners({&kept}), ElementsAre(0));
  TakeTrace();
  EXPECT_THAT(Owners({&kept}), ElementsAre());
}

}  // namespace
}  // namespace relink
