// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Which functions wait until they are called, and what comes of those that
// nothing defines.

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/reloc/relocatable_image.h"
#include "relink/reloc/relocation_handler.h"
#include "relink/reloc/symbol_reference.h"
#include "relink/reloc/synthetic_module.h"
#include "relink/runtime/lazily_loaded.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

int Seventeen() { return 17; }
int Eighteen() { return 18; }
[[noreturn]] void HostThrow(int value) {
  throw std::runtime_error(std::to_string(value));
}

class LazyPolicy : public testing::Test {
 protected:
  static std::string Path(const std::string& file) {
    return TestdataPath("lazy/" + file);
  }
  LazilyLoaded::Options Counting() {
    LazilyLoaded::Options options;
    options.on_bound = [this](const SymbolBinding& binding) {
      counts_.Add(binding.reference.name);
    };
    return options;
  }
  void Load(const std::string& file, LazilyLoaded::Options options) {
    SyntheticModule::Builder builder("libhost.so");
    builder.Add("host_throw", &HostThrow);
    auto host = std::move(builder).Build();
    ASSERT_TRUE(host.ok()) << host.status();
    options.more = *std::move(host);
    auto loaded = LazilyLoaded::Load(Path(file), options);
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    loaded_ = *std::move(loaded);
  }
  template <typename F>
  F* Get(absl::string_view name) {
    return reinterpret_cast<F*>(loaded_->Find(name));
  }
  int IntAt(absl::string_view name) {
    return *static_cast<const int*>(loaded_->Find(name));
  }

  BindingCounts counts_;
  std::unique_ptr<LazilyLoaded> loaded_;
};

uint64_t Supply(const SymbolReference&) {
  return reinterpret_cast<uint64_t>(&Seventeen);
}

TEST_F(LazyPolicy, AsksForFunctionsWhenTheyAreCalled) {
  LazilyLoaded::Options options;
  options.find_undefined = &Supply;
  Load("libcalls.so", options);
  EXPECT_EQ(Get<int()>("call_missing")(), 17);
}

TEST_F(LazyPolicy, LetsAHandlerThrow) {
  LazilyLoaded::Options options;
  options.on_failure = [](const absl::Status& status) {
    throw std::runtime_error(status.ToString());
  };
  Load("libcalls.so", options);
  try {
    Get<int()>("call_missing")();
    ADD_FAILURE();
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("libcalls.so: undefined symbol"));
  }
}

TEST_F(LazyPolicy, BindsNowWhatAsksForIt) {
  LazilyLoaded::Options options = Counting();
  options.find_undefined = &Supply;
  Load("libcalls_now.so", options);
  const int before = counts_.Count("host_missing");
  EXPECT_GE(before, 1);
  EXPECT_EQ(IntAt("chooser_calls"), 1);
  EXPECT_EQ(Get<int()>("call_missing")(), 17);
  EXPECT_EQ(counts_.Count("host_missing"), before);
}

TEST_F(LazyPolicy, ReportsUndefinedFunctionsOfWhatIsBoundNow) {
  LazilyLoaded::Options options;
  EXPECT_THAT(
      LazilyLoaded::Load(Path("libcalls_now.so"), options).status().message(),
      HasSubstr("libcalls_now.so: undefined symbol: host_chain, host_doubles"));
}

TEST_F(LazyPolicy, LetsExceptionsPass) {
  LazilyLoaded::Options options = Counting();
  Load("libexceptions.so", options);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(Get<int(int)>("catch_from_host")(23), 23);
  }
  EXPECT_EQ(counts_.Count("host_throw"), 1);
  Load("libexceptions.so", {});
  EXPECT_THROW(Get<void(int)>("let_pass")(1), std::runtime_error);
  EXPECT_EQ(IntAt("destroyed"), 1);
}

TEST_F(LazyPolicy, OffersJumpSlotsToAHandler) {
  class Redirect final : public RelocationHandler {
   public:
    absl::StatusOr<RelocationAction> Before(const RelocationView& view,
                                            RelocatableImage&) override {
      if (view.symbol.name != "host_missing") {
        return RelocationAction::Proceed();
      }
      return RelocationAction::UseValue(reinterpret_cast<uint64_t>(&Eighteen));
    }
    absl::Status After(const RelocationView& view,
                       const RelocationResult& result,
                       RelocatableImage&) override {
      if (absl::StartsWith(view.symbol.name, "host_")) {
        (result.outcome == RelocationOutcome::kLazy ? lazy : other)
            .emplace_back(view.symbol.name);
      }
      return absl::OkStatus();
    }
    std::vector<std::string> lazy;
    std::vector<std::string> other;
  } redirect;
  LazilyLoaded::Options options;
  options.relocation_handler = &redirect;
  Load("libcalls.so", options);
  EXPECT_EQ(Get<int()>("call_missing")(), 18);
  EXPECT_THAT(redirect.other, ElementsAre("host_missing"));
  EXPECT_EQ(redirect.lazy.size(), 41u);
}

TEST_F(LazyPolicy, BindsEverythingNowWithoutABinder) {
  LazilyLoaded::Options options;
  options.lazy = false;
  EXPECT_EQ(LazilyLoaded::Load(Path("libcalls.so"), options).status().code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace relink
