// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// LoadOptions::lazy: which functions wait until they are called, and what comes
// of those that nothing defines.

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/link/link_context.h"
#include "relink/link/linker.h"
#include "relink/link/observer.h"
#include "relink/map/proc_maps.h"
#include "relink/reloc/relocatable_image.h"
#include "relink/reloc/relocation_handler.h"
#include "relink/reloc/symbol_reference.h"
#include "relink/reloc/synthetic_module.h"
#include "relink/support/address.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

int Seventeen() { return 17; }
int Eighteen() { return 18; }
long HostIntegers(long a, long, long, long, long, long, long, long h) {
  return 10 * a + h;
}
[[noreturn]] void HostThrow(int value) {
  throw std::runtime_error(std::to_string(value));
}

std::string Path(const std::string& file) {
  return TestdataPath("lazy/" + file);
}

// Counts what is bound, by name.
class Bindings final : public Observer {
 public:
  void OnBound(const SymbolBinding& binding) override {
    const std::lock_guard lock(mutex_);
    ++counts_[std::string(binding.reference.name)];
  }
  bool wants_bindings() const override { return true; }
  int Count(const std::string& name) {
    const std::lock_guard lock(mutex_);
    return counts_[name];
  }

 private:
  std::mutex mutex_;
  std::map<std::string, int> counts_;
};

class LazyPolicy : public testing::Test {
 protected:
  void SetUp() override {
    SyntheticModule::Builder builder("libhost.so");
    builder.Add("host_throw", &HostThrow).Add("host_integers", &HostIntegers);
    auto host = std::move(builder).Build();
    ASSERT_TRUE(host.ok()) << host.status();
    ASSERT_TRUE(context_.Add(*host, LinkContext::Reach::kGlobal).ok());
  }
  void Load(const std::string& file, Linker::Options options = {}) {
    options.observer = &bindings_;
    linker_.emplace(std::move(options));
    auto loaded = linker_->Load(context_, Path(file), {.lazy = true});
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    library_ = *std::move(loaded);
  }
  template <typename F>
  F* Get(absl::string_view name) {
    return reinterpret_cast<F*>(library_->Find(name));
  }
  int IntAt(absl::string_view name) {
    return *static_cast<const int*>(library_->Find(name));
  }

  Bindings bindings_;
  LinkContext context_;
  std::optional<Linker> linker_;
  std::optional<Library> library_;
};

uint64_t Supply(const SymbolReference&) {
  return reinterpret_cast<uint64_t>(&Seventeen);
}

TEST_F(LazyPolicy, BindsAFunctionWhenItIsFirstCalled) {
  Load("libcalls.so");
  EXPECT_EQ(bindings_.Count("host_integers"), 0);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(Get<long()>("call_integers")(), 18);
    EXPECT_EQ(bindings_.Count("host_integers"), 1);
  }
}

TEST_F(LazyPolicy, BindsForThreadsThatCallAtTheSameTime) {
  Load("libcalls.so");
  constexpr int kThreads = 4;
  auto* const call = Get<long()>("call_integers");
  std::atomic<int> waiting = kThreads;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      --waiting;
      while (waiting.load() != 0) std::this_thread::yield();
      EXPECT_EQ(call(), 18);
    });
  }
  for (std::thread& thread : threads) thread.join();
  const int bound = bindings_.Count("host_integers");
  EXPECT_GE(bound, 1);
  EXPECT_EQ(call(), 18);
  EXPECT_EQ(bindings_.Count("host_integers"), bound);
}

TEST_F(LazyPolicy, AsksForFunctionsWhenTheyAreCalled) {
  Load("libcalls.so", {.find_undefined = &Supply});
  EXPECT_EQ(Get<int()>("call_missing")(), 17);
}

TEST_F(LazyPolicy, LetsAHandlerThrow) {
  Load("libcalls.so", {.on_lazy_failure = [](const absl::Status& status) {
         throw std::runtime_error(status.ToString());
       }});
  try {
    Get<int()>("call_missing")();
    ADD_FAILURE();
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("libcalls.so: undefined symbol"));
  }
}

TEST_F(LazyPolicy, EndsTheProcessWhereNobodyHandlesIt) {
  Load("libcalls.so");
  EXPECT_DEATH(Get<int()>("call_missing")(),
               "libcalls.so: undefined symbol: host_missing");
}

TEST_F(LazyPolicy, BindsNowWhatAsksForIt) {
  Load("libcalls_now.so", {.find_undefined = &Supply});
  const int before = bindings_.Count("host_integers");
  EXPECT_GE(before, 1);
  EXPECT_EQ(IntAt("chooser_calls"), 1);
  EXPECT_EQ(Get<int()>("call_missing")(), 17);
  EXPECT_EQ(Get<long()>("call_integers")(), 18);
  EXPECT_EQ(bindings_.Count("host_integers"), before);
}

TEST_F(LazyPolicy, BindsNowUnderLdBindNow) {
  setenv("LD_BIND_NOW", "1", /*overwrite=*/1);
  const absl::Status status =
      Linker().Load(context_, Path("libcalls.so"), {.lazy = true}).status();
  unsetenv("LD_BIND_NOW");
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
}

TEST_F(LazyPolicy, BindsNowUnlessItIsAsked) {
  EXPECT_EQ(Linker().Load(context_, Path("libcalls.so")).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(LazyPolicy, ReportsUndefinedFunctionsOfWhatIsBoundNow) {
  EXPECT_THAT(
      Linker()
          .Load(context_, Path("libcalls_now.so"), {.lazy = true})
          .status()
          .message(),
      HasSubstr("libcalls_now.so: undefined symbol: host_chain, host_doubles"));
}

TEST_F(LazyPolicy, LetsExceptionsPass) {
  Load("libexceptions.so");
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(Get<int(int)>("catch_from_host")(23), 23);
  }
  EXPECT_EQ(bindings_.Count("host_throw"), 1);
  EXPECT_THROW(Get<void(int)>("let_pass")(1), std::runtime_error);
  EXPECT_EQ(IntAt("destroyed"), 1);
}

// What a relocation handler sees of jump slots.
class JumpSlots final : public RelocationHandler {
 public:
  absl::StatusOr<RelocationAction> Before(const RelocationView& view,
                                          RelocatableImage&) override {
    if (view.symbol.name != "host_missing") return RelocationAction::Proceed();
    return RelocationAction::UseValue(reinterpret_cast<uint64_t>(&Eighteen));
  }
  absl::Status After(const RelocationView& view, const RelocationResult& result,
                     RelocatableImage&) override {
    if (!absl::StartsWith(view.symbol.name, "host_")) return absl::OkStatus();
    (result.outcome == RelocationOutcome::kLazy ? lazy : other)
        .emplace_back(view.symbol.name);
    places.push_back(view.runtime_place);
    return absl::OkStatus();
  }
  std::vector<std::string> lazy;
  std::vector<std::string> other;
  std::vector<RuntimeAddr> places;
};

TEST_F(LazyPolicy, OffersJumpSlotsToAHandler) {
  JumpSlots slots;
  Load("libcalls.so", {.relocation_handler = &slots});
  EXPECT_EQ(Get<int()>("call_missing")(), 18);
  EXPECT_THAT(slots.other, ElementsAre("host_missing"));
  EXPECT_EQ(slots.lazy.size(), 41u);
}

// A slot that waits must stay writable; one that is bound need not.
TEST_F(LazyPolicy, LeavesOnlyWaitingSlotsWritable) {
  JumpSlots waiting;
  Load("libcalls.so", {.relocation_handler = &waiting});
  ASSERT_FALSE(waiting.lazy.empty());
  for (const RuntimeAddr place : waiting.places) {
    EXPECT_EQ(PermissionsAt(place), "rw-p");
  }
  JumpSlots bound;
  Load("libcalls_now.so",
       {.relocation_handler = &bound, .find_undefined = &Supply});
  EXPECT_TRUE(bound.lazy.empty());
  ASSERT_FALSE(bound.places.empty());
  for (const RuntimeAddr place : bound.places) {
    EXPECT_EQ(PermissionsAt(place), "r--p");
  }
}

}  // namespace
}  // namespace relink
