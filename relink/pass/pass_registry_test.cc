// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/pass/pass_registry.h"

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "relink/pass/letters_passes.h"

namespace relink {
namespace {

using letters::Page;

PassRow RowNamed(absl::string_view name) {
  return {name,
          "help",
          {},
          &kUnitKey<Page>,
          {},
          [](const PassOptions&) -> absl::StatusOr<ErasedPass> {
            return absl::InternalError("not made");
          }};
}

TEST(PassRegistry, SaysWhatIsRegistered) {
  const PassRegistry registry = letters::Registry();
  ASSERT_EQ(registry.passes().size(), 3);
  const PassRow* add_line = registry.FindPass("add-line");
  ASSERT_NE(add_line, nullptr);
  EXPECT_EQ(add_line->help, "add a line");
  ASSERT_EQ(add_line->options.size(), 2);
  EXPECT_EQ(add_line->options[1].name, "times");
  EXPECT_EQ(registry.FindUnit(add_line->unit)->name, "page");
  EXPECT_EQ(registry.FindPass("line-count"), nullptr);
  EXPECT_NE(registry.FindAnalysis("line-count"), nullptr);
  EXPECT_EQ(registry.FindUnit("line")->whole, &kUnitKey<Page>);
}

TEST(PassRegistry, HasResultsOfAnalysesAsText) {
  const PassRegistry registry = letters::Registry();
  const auto* text = std::any_cast<ResultText<Page>>(
      &registry.FindAnalysis("line-count")->text);
  ASSERT_NE(text, nullptr);
  AnalysisManager<Page> analyses;
  const Page page = {{"a", "b"}};
  EXPECT_EQ(*(*text)(page, analyses), "2 lines");
  EXPECT_EQ((*text)(Page(), analyses).status(),
            absl::OutOfRangeError("analysis line-count: no lines"));
}

TEST(PassRegistry, AddsAllRowsOrNone) {
  PassRegistry registry = letters::Registry();
  EXPECT_EQ(registry.AddRows({RowNamed("fresh"), RowNamed("dot")}, {}),
            absl::AlreadyExistsError("dot: is there already"));
  EXPECT_EQ(registry.FindPass("fresh"), nullptr);
  EXPECT_EQ(registry.AddRows({RowNamed("fresh"), RowNamed("fresh")}, {}),
            absl::AlreadyExistsError("fresh: is there already"));
  EXPECT_EQ(registry.AddRows({RowNamed("fresh")}, {}), absl::OkStatus());
  EXPECT_NE(registry.FindPass("fresh"), nullptr);
}

TEST(PassRegistry, RefusesNamesThatMeanSomethingElse) {
  PassRegistry registry = letters::Registry();
  for (const char* name : {"line", "page", "require"}) {
    EXPECT_TRUE(absl::IsAlreadyExists(registry.AddRows({RowNamed(name)}, {})));
  }
  for (const char* name : {"", "a b", "a,b", "a<b>", "a(b)"}) {
    EXPECT_TRUE(
        absl::IsInvalidArgument(registry.AddRows({RowNamed(name)}, {})));
  }
}

TEST(PassRegistry, RefusesUnitsThatAreNotThere) {
  PassRegistry registry = letters::Registry();
  PassRow row = RowNamed("fresh");
  row.unit = &kUnitKey<int>;
  EXPECT_EQ(
      registry.AddRows({row}, {}),
      absl::InvalidArgumentError("fresh: is for a unit that is not there"));
}

TEST(PassRegistry, RefusesOptionsWithoutMeaning) {
  PassRegistry registry = letters::Registry();
  const PassOption option = {"page", OptionType::kSize, "big"};
  PassRow row = RowNamed("fresh");
  row.options = {&option, 1};
  EXPECT_EQ(
      registry.AddRows({row}, {}),
      absl::InvalidArgumentError("fresh: default of option page: expected "
                                 "a size such as 4096, 64K or 2M"));
}

}  // namespace
}  // namespace relink
