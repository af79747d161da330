// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/pass/analysis_manager.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace relink {
namespace {

// The unit of these tests counts how often analyses looked at it.
struct Numbers {
  std::vector<int> values;
  mutable int summed = 0;
  mutable int averaged = 0;
};
using Analyses = AnalysisManager<Numbers>;

struct Sum {
  static constexpr absl::string_view kName = "sum";
  using Result = int;
  absl::StatusOr<int> Run(const Numbers& unit, Analyses& /*analyses*/) {
    ++unit.summed;
    int sum = 0;
    for (const int value : unit.values) sum += value;
    return sum;
  }
};

// Points into the result that it was computed from, as analyses do.
struct Average {
  static constexpr absl::string_view kName = "average";
  struct Result {
    const int* sum;
    int average;
  };
  absl::StatusOr<Result> Run(const Numbers& unit, Analyses& analyses) {
    ++unit.averaged;
    const auto sum = analyses.Get<Sum>(unit);
    if (!sum.ok()) return sum.status();
    if (unit.values.empty()) return absl::InvalidArgumentError("no numbers");
    return Result{*sum, **sum / static_cast<int>(unit.values.size())};
  }
};

// First needs Second and the other way round.
struct First {
  static constexpr absl::string_view kName = "first";
  using Result = int;
  absl::StatusOr<int> Run(const Numbers& unit, Analyses& analyses);
};
struct Second {
  static constexpr absl::string_view kName = "second";
  using Result = int;
  absl::StatusOr<int> Run(const Numbers& unit, Analyses& analyses) {
    const auto first = analyses.Get<First>(unit);
    return first.ok() ? absl::StatusOr<int>(**first) : first.status();
  }
};
absl::StatusOr<int> First::Run(const Numbers& unit, Analyses& analyses) {
  const auto second = analyses.Get<Second>(unit);
  return second.ok() ? absl::StatusOr<int>(**second) : second.status();
}

// Asks for the sum of another unit of the same kind.
struct SumOfOther {
  static inline const Numbers* other = nullptr;
  static constexpr absl::string_view kName = "sum-of-other";
  using Result = int;
  absl::StatusOr<int> Run(const Numbers& /*unit*/, Analyses& analyses) {
    const auto sum = analyses.Get<Sum>(*other);
    return sum.ok() ? absl::StatusOr<int>(**sum) : sum.status();
  }
};

static_assert(AnalysisOf<Sum, Numbers>);
static_assert(!AnalysisOf<Sum, std::string>);

template <typename A>
typename A::Result ResultOf(Analyses& analyses, const Numbers& unit) {
  const auto result = analyses.Get<A>(unit);
  EXPECT_TRUE(result.ok()) << result.status();
  return result.ok() ? **result : typename A::Result();
}

TEST(AnalysisManager, RunsAnAnalysisWhenItIsAskedForAndOnlyOnce) {
  const Numbers unit = {{1, 2, 3}};
  Analyses analyses;
  EXPECT_EQ(unit.summed, 0);
  EXPECT_EQ(ResultOf<Sum>(analyses, unit), 6);
  EXPECT_EQ(ResultOf<Sum>(analyses, unit), 6);
  EXPECT_EQ(unit.summed, 1);
}

TEST(AnalysisManager, RunsTheAnalysesThatAnAnalysisAsksFor) {
  const Numbers unit = {{1, 2, 3}};
  Analyses analyses;
  EXPECT_EQ(ResultOf<Average>(analyses, unit).average, 2);
  EXPECT_EQ(ResultOf<Sum>(analyses, unit), 6);
  EXPECT_EQ(unit.summed, 1);
}

TEST(AnalysisManager, KeepsUnitsApart) {
  const Numbers few = {{1}}, many = {{1, 2, 3}};
  Analyses analyses;
  EXPECT_EQ(ResultOf<Sum>(analyses, few), 1);
  EXPECT_EQ(ResultOf<Sum>(analyses, many), 6);
  analyses.Invalidate(few, PreservedAnalyses::None());
  EXPECT_EQ(ResultOf<Sum>(analyses, many), 6);
  EXPECT_EQ(many.summed, 1);
}

TEST(AnalysisManager, RunsAgainWhatIsNotPreserved) {
  Numbers unit = {{1, 2, 3}};
  Analyses analyses;
  EXPECT_EQ(ResultOf<Average>(analyses, unit).average, 2);
  unit.values = {2, 2, 8};
  analyses.Invalidate(unit, PreservedAnalyses::None());
  EXPECT_EQ(ResultOf<Average>(analyses, unit).average, 4);
  EXPECT_EQ(unit.summed, 2);
}

TEST(AnalysisManager, KeepsWhatIsPreserved) {
  Numbers unit = {{1, 2, 3}};
  Analyses analyses;
  EXPECT_EQ(ResultOf<Average>(analyses, unit).average, 2);
  analyses.Invalidate(unit, PreservedAnalyses::All());
  EXPECT_EQ(ResultOf<Average>(analyses, unit).average, 2);
  analyses.Invalidate(unit, PreservedAnalyses::None().Preserve<Sum>());
  EXPECT_EQ(ResultOf<Average>(analyses, unit).average, 2);
  EXPECT_EQ(unit.summed, 1);
  EXPECT_EQ(unit.averaged, 2);
}

TEST(AnalysisManager, DropsWhatWasComputedFromWhatIsDropped) {
  Numbers unit = {{1, 2, 3}};
  Analyses analyses;
  EXPECT_EQ(*ResultOf<Average>(analyses, unit).sum, 6);
  unit.values = {3, 2, 2};
  analyses.Invalidate(unit, PreservedAnalyses::None().Preserve<Average>());
  EXPECT_EQ(*ResultOf<Average>(analyses, unit).sum, 7);
}

TEST(AnalysisManager, DropsWhatWasComputedFromAnotherUnit) {
  Numbers unit, other = {{4}};
  SumOfOther::other = &other;
  Analyses analyses;
  EXPECT_EQ(ResultOf<SumOfOther>(analyses, unit), 4);
  other.values = {5};
  analyses.Invalidate(other, PreservedAnalyses::None());
  EXPECT_EQ(ResultOf<SumOfOther>(analyses, unit), 5);
}

TEST(AnalysisManager, NamesTheAnalysisThatFailed) {
  Numbers unit;
  Analyses analyses;
  const absl::Status status = analyses.Get<Average>(unit).status();
  EXPECT_EQ(status, absl::InvalidArgumentError("analysis average: no numbers"));
  unit.values = {4};
  analyses.Invalidate(unit, PreservedAnalyses::None());
  EXPECT_EQ(ResultOf<Average>(analyses, unit).average, 4);
}

TEST(AnalysisManager, RefusesAnalysesThatNeedEachOther) {
  const Numbers unit;
  Analyses analyses;
  const absl::Status cycle = absl::InternalError(
      "analysis first: analysis second: analysis first: depends on itself");
  EXPECT_EQ(analyses.Get<First>(unit).status(), cycle);
  EXPECT_EQ(analyses.Get<First>(unit).status(), cycle);
  EXPECT_EQ(ResultOf<Sum>(analyses, unit), 0);
}

}  // namespace
}  // namespace relink
