// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/thread_local_storage.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/reloc/tls_provider.h"

namespace relink {
namespace {

using testing::HasSubstr;

constexpr std::byte kImage[] = {std::byte{1}, std::byte{2}, std::byte{3}};

ThreadLocalStorage& Tls() { return ThreadLocalStorage::Process(); }

// A module for as long as it lives.
class Registered {
 public:
  explicit Registered(const TlsTemplate& tls) {
    auto module = Tls().Register(tls);
    EXPECT_TRUE(module.ok()) << module.status();
    module_ = module.ok() ? *module : 0;
    registration_ = TlsRegistration(Tls(), module_);
  }
  uint64_t module() const { return module_; }

 private:
  uint64_t module_;
  TlsRegistration registration_;
};

// Runs for as long as it lives.
class WaitingThread {
 public:
  WaitingThread() : thread_([this] { end_.get_future().wait(); }) {}
  ~WaitingThread() {
    end_.set_value();
    thread_.join();
  }

 private:
  std::promise<void> end_;
  std::thread thread_;
};

// As compiled code does.
std::byte* Address(uint64_t module, uint64_t offset = 0) {
  using GetAddr = std::byte* (*)(TlsIndex*);
  const auto get_addr = reinterpret_cast<GetAddr>(Tls().functions().get_addr);
  TlsIndex index{module, offset};
  return get_addr(&index);
}

TEST(ThreadLocalStorage, IsACopyOfTheImageAndThenZeros) {
  const Registered tls({.image = kImage, .size = 8, .alignment = 1});
  const std::byte* block = Address(tls.module());
  EXPECT_EQ(std::memcmp(block, "\1\2\3\0\0\0\0\0", 8), 0);
  EXPECT_EQ(Address(tls.module(), 5), block + 5);
  EXPECT_EQ(Address(tls.module()), block);
}

TEST(ThreadLocalStorage, IsEachThreadsOwn) {
  const Registered tls({.image = kImage, .size = 3, .alignment = 1});
  std::byte* const ours = Address(tls.module());
  *ours = std::byte{9};
  std::thread([&] {
    std::byte* const theirs = Address(tls.module());
    EXPECT_NE(theirs, ours);
    EXPECT_EQ(*theirs, std::byte{1});
  }).join();
  EXPECT_EQ(*ours, std::byte{9});
}

TEST(ThreadLocalStorage, IsAligned) {
  for (uint64_t alignment = 1; alignment <= ThreadLocalStorage::kMaxAlignment;
       alignment *= 2) {
    const Registered tls({.image = {}, .size = 1, .alignment = alignment});
    EXPECT_EQ(reinterpret_cast<uintptr_t>(Address(tls.module())) % alignment,
              0u);
  }
}

TEST(ThreadLocalStorage, RefusesAnAlignmentThatNoPageHas) {
  const auto module =
      Tls().Register({.image = {},
                      .size = 1,
                      .alignment = 2 * ThreadLocalStorage::kMaxAlignment});
  EXPECT_EQ(module.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(module.status().message()), HasSubstr("alignment"));
}

TEST(ThreadLocalStorage, IsFreshInAModuleThatGetsAnIdentifierAgain) {
  uint64_t first = 0;
  {
    const Registered tls({.image = kImage, .size = 3, .alignment = 1});
    first = tls.module();
    *Address(first) = std::byte{9};
  }
  const Registered tls({.image = kImage, .size = 3, .alignment = 1});
  EXPECT_EQ(tls.module(), first);
  EXPECT_EQ(*Address(tls.module()), std::byte{1});
}

TEST(ThreadLocalStorage, OfManyModulesAndThreadsIsApart) {
  constexpr int kModules = 20;
  std::vector<Registered> modules;
  modules.reserve(kModules);
  for (int i = 0; i < kModules; ++i) {
    modules.emplace_back(TlsTemplate{.image = {}, .size = 4, .alignment = 4});
  }
  const auto use = [&](int mark) {
    for (int round = 0; round < 100; ++round) {
      for (int i = 0; i < kModules; ++i) {
        int value = 0;
        std::byte* const block = Address(modules[i].module());
        std::memcpy(&value, block, sizeof(value));
        EXPECT_EQ(value, round == 0 ? 0 : mark + i);
        value = mark + i;
        std::memcpy(block, &value, sizeof(value));
      }
    }
  };
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) threads.emplace_back(use, 100 * i);
  for (std::thread& thread : threads) thread.join();
}

TEST(StaticThreadLocalStorage, IsAtAFixedDistanceFromTheThreadPointer) {
  const Registered tls({.image = {}, .size = 16, .alignment = 16});
  const auto offset = Tls().MakeStatic(tls.module());
  ASSERT_TRUE(offset.ok()) << offset.status();
  ASSERT_TRUE(Tls().InitializeStatic(tls.module()).ok());
  // The x86-64 TLS ABI has the thread pointer at its own address.
  std::byte* thread_pointer;
  __asm__("mov %%fs:0, %0" : "=r"(thread_pointer));
  EXPECT_EQ(Address(tls.module()), thread_pointer + *offset);
  EXPECT_EQ(*Tls().MakeStatic(tls.module()), *offset);
}

TEST(StaticThreadLocalStorage, HasALimit) {
  const Registered tls({.image = {},
                        .size = ThreadLocalStorage::kStaticReserve + 1,
                        .alignment = 1});
  const auto offset = Tls().MakeStatic(tls.module());
  EXPECT_EQ(offset.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(offset.status().message()), HasSubstr("4096"));
}

TEST(StaticThreadLocalStorage, RefusesDataForAThreadThatStartedMeanwhile) {
  const Registered tls({.image = kImage, .size = 3, .alignment = 1});
  ASSERT_TRUE(Tls().MakeStatic(tls.module()).ok());
  const WaitingThread thread;
  EXPECT_EQ(Tls().InitializeStatic(tls.module()).code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(StaticThreadLocalStorage, ThatNothingUsedIsGivenBackAlthoughThreadsRun) {
  const WaitingThread thread;
  // As of loads that fail after they claimed it.
  for (int i = 0; i < 100; ++i) {
    const Registered tls({.image = {},
                          .size = ThreadLocalStorage::kStaticReserve / 10,
                          .alignment = 1});
    const auto offset = Tls().MakeStatic(tls.module());
    EXPECT_TRUE(offset.ok()) << "load " << i << ": " << offset.status();
    if (!offset.ok()) break;
  }
}

}  // namespace
}  // namespace relink
