// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// What an embedder of Linker can have a say in as symbols are bound: relocation
// handlers, what nothing defines, functions of its own that are chosen.

#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <string>
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
#include "relink/reloc/relocatable_image.h"
#include "relink/reloc/relocation_handler.h"
#include "relink/reloc/symbol_reference.h"
#include "relink/reloc/synthetic_module.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Pair;

int TenTimes(int value) { return 10 * value; }
int variable = 3;
int* pointer = &variable;

uint64_t AddressOf(const void* object) {
  return reinterpret_cast<uint64_t>(object);
}
const uint64_t kTenTimes = reinterpret_cast<uint64_t>(&TenTimes);

std::string Needy() {
  return TestdataPath("dependencies/libmissing_symbols.so");
}

absl::StatusOr<int> CallAll(const Linker::Options& options) {
  const LinkContext context;
  auto library = Linker(options).Load(context, Needy());
  if (!library.ok()) return library.status();
  EXPECT_EQ((*library->Get<int()>("weak_is_null"))(), 1);
  return (*library->Get<int()>("call_all"))();
}

// Does what it is told with relocations against symbols, and records what came
// of them.
class Handler : public RelocationHandler {
 public:
  using Decision = std::function<absl::StatusOr<RelocationAction>(
      const RelocationView&, RelocatableImage&)>;
  explicit Handler(Decision decide) : decide_(std::move(decide)) {}

  absl::StatusOr<RelocationAction> Before(const RelocationView& view,
                                          RelocatableImage& image) override {
    return decide_(view, image);
  }
  absl::Status After(const RelocationView& view, const RelocationResult& result,
                     RelocatableImage&) override {
    if (!view.symbol.name.empty()) {
      outcomes.emplace(view.symbol.name, result.outcome);
    }
    return after_;
  }
  void FailAfter(absl::Status status) { after_ = std::move(status); }

  std::map<std::string, RelocationOutcome> outcomes;

 private:
  Decision decide_;
  absl::Status after_;
};

TEST(LinkerRelocations, AreReplacedOrDoneByAHandler) {
  Handler handler(
      [](const RelocationView& view,
         RelocatableImage& image) -> absl::StatusOr<RelocationAction> {
        if (view.symbol.name == "absent_function") {
          return RelocationAction::UseValue(kTenTimes);
        }
        const void* object = nullptr;
        if (view.symbol.name == "absent_variable") object = &variable;
        if (view.symbol.name == "absent_pointer") object = &pointer;
        if (object == nullptr) return RelocationAction::Proceed();
        std::byte* const place = image.Place(view.place, sizeof(object));
        if (place == nullptr) return absl::InternalError("not writable");
        std::memcpy(place, &object, sizeof(object));
        return RelocationAction::Done();
      });
  const auto sum = CallAll({.relocation_handler = &handler});
  ASSERT_TRUE(sum.ok()) << sum.status();
  EXPECT_EQ(*sum, 36);
  EXPECT_THAT(
      handler.outcomes,
      IsSupersetOf({Pair("absent_function", RelocationOutcome::kReplaced),
                    Pair("absent_variable", RelocationOutcome::kDone),
                    Pair("absent_pointer", RelocationOutcome::kDone)}));
}

TEST(LinkerRelocations, AreSkippedByAHandler) {
  Handler handler([](const RelocationView& view,
                     RelocatableImage&) -> absl::StatusOr<RelocationAction> {
    return absl::StartsWith(view.symbol.name, "absent_")
               ? RelocationAction::Skip()
               : RelocationAction::Proceed();
  });
  const LinkContext context;
  Linker linker({.relocation_handler = &handler});
  const auto library = linker.Load(context, Needy());
  ASSERT_TRUE(library.ok()) << library.status();
  EXPECT_THAT(handler.outcomes,
              Contains(Pair("absent_variable", RelocationOutcome::kSkipped)));
  EXPECT_EQ((*library->Get<int()>("weak_is_null"))(), 1);
}

TEST(LinkerRelocations, StopALoadThatAHandlerRefuses) {
  Handler before([](const RelocationView& view,
                    RelocatableImage&) -> absl::StatusOr<RelocationAction> {
    if (view.symbol.name == "absent_function") {
      return absl::PermissionDeniedError("not that one");
    }
    return RelocationAction::Proceed();
  });
  const absl::Status refused =
      CallAll({.relocation_handler = &before}).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(refused.message(), AllOf(HasSubstr("libmissing_symbols.so: DT_"),
                                       HasSubstr("against absent_function"),
                                       HasSubstr("not that one")));

  Handler after([](const RelocationView&,
                   RelocatableImage&) -> absl::StatusOr<RelocationAction> {
    return RelocationAction::Skip();
  });
  after.FailAfter(absl::AbortedError("enough"));
  EXPECT_EQ(CallAll({.relocation_handler = &after}).status().code(),
            absl::StatusCode::kAborted);
}

TEST(LinkerUndefinedSymbols, AreSupplied) {
  std::vector<std::string> asked;
  const auto supply = [&](const SymbolReference& reference) -> uint64_t {
    asked.emplace_back(reference.name);
    if (reference.name == "absent_function") return kTenTimes;
    return AddressOf(reference.name == "absent_variable"
                         ? static_cast<const void*>(&variable)
                         : &pointer);
  };
  const auto sum = CallAll({.find_undefined = supply});
  ASSERT_TRUE(sum.ok()) << sum.status();
  EXPECT_EQ(*sum, 36);
  EXPECT_THAT(asked, IsSupersetOf({"absent_function", "absent_variable",
                                   "absent_pointer"}));
  EXPECT_THAT(asked, testing::Not(Contains("absent_weakly")));
}

TEST(LinkerUndefinedSymbols, AreAllListed) {
  constexpr absl::string_view kAll =
      "undefined symbol: absent_function, absent_pointer, absent_variable";
  const absl::Status status = CallAll({}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(status.message(), HasSubstr(std::string(kAll)));
  // Without those that a handler supplies.
  const absl::Status rest =
      CallAll({.find_undefined = [](const SymbolReference& reference) {
        return reference.name == "absent_pointer" ? AddressOf(&pointer) : 0;
      }}).status();
  EXPECT_EQ(rest.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(rest.message(),
              HasSubstr("undefined symbol: absent_function, absent_variable"));
}

// A host's function that it chooses itself.
int choices = 0;
int (*Choose())(int) {
  ++choices;
  return &TenTimes;
}

TEST(LinkerIfuncs, OfSyntheticModulesAreResolvedAsOthersAre) {
  choices = 0;
  SyntheticModule::Builder builder("libhost.so");
  builder
      .Add({.name = "absent_function",
            .address = reinterpret_cast<const void*>(&Choose),
            .kind = SyntheticModule::Kind::kIndirectFunction})
      .Add("absent_variable", &variable)
      .Add("absent_pointer", &pointer);
  auto host = std::move(builder).Build();
  ASSERT_TRUE(host.ok()) << host.status();
  LinkContext context;
  ASSERT_TRUE(context.Add(*host, LinkContext::Reach::kGlobal).ok());
  for (const bool lazy : {false, true}) {
    const auto library = Linker().Load(context, Needy(), {.lazy = lazy});
    ASSERT_TRUE(library.ok()) << library.status();
    EXPECT_EQ((*library->Get<int()>("call_all"))(), 36);
  }
  EXPECT_GE(choices, 2);
  auto* const found =
      reinterpret_cast<int (*)(int)>(context.FindSymbol("absent_function"));
  EXPECT_EQ(found, &TenTimes);
}

}  // namespace
}  // namespace relink
