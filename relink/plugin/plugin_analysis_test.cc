// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <stdexcept>
#include <string>

#include "gtest/gtest.h"
#include "relink/plugin/plugin_fixture.h"
#include "relink/plugin/relink_pass_plugin.hpp"

// Analyses as plugins write them.

namespace relink {
namespace {

// Counts how often it is computed, and how many of its results there are.
struct Total {
  static constexpr plugin::Text kName = "total";
  struct Result {
    double weight;
    explicit Result(double total) : weight(total) { ++alive; }
    Result(const Result& other) : weight(other.weight) { ++alive; }
    Result& operator=(const Result&) = delete;
    ~Result() { --alive; }
  };
  static inline int computed = 0;
  static inline int alive = 0;

  Result Run(const plugin::Graph& graph) const {
    ++computed;
    double weight = 0;
    for (const plugin::Id id : graph.order()) {
      weight += graph.section(id).weight;
    }
    return Result(weight);
  }
  static std::string Print(const Result& result) {
    return "weight " + std::to_string(result.weight);
  }
};

// Of another analysis, which it needs.
struct Half {
  static constexpr plugin::Text kName = "half";
  using Result = double;
  double Run(const plugin::Graph& graph) const {
    const Total::Result* total = graph.Get<Total>();
    return total == nullptr ? 0 : total->weight / 2;
  }
};

struct Failing {
  static constexpr plugin::Text kName = "failing";
  using Result = int;
  int Run(const plugin::Graph& /*graph*/) const {
    throw std::runtime_error("no idea");
  }
};

struct OfPlaced {
  static constexpr plugin::Text kName = "of-placed";
  using Result = int;
  int Run(const plugin::Placed& /*placed*/) const { return 1; }
};

// Asks for all of them, doubles a weight, and says what is left true.
struct Ask {
  static constexpr plugin::Text kName = "ask";
  static constexpr plugin::Option kOptions[] = {
      {"for", plugin::OptionType::kText},
      {"change", plugin::OptionType::kFlag},
      {"preserve", plugin::OptionType::kFlag},
  };
  std::string analysis;
  bool change, preserve;
  static inline double seen = 0;
  static inline std::string text;

  explicit Ask(const plugin::Options& options)
      : analysis(options.String("for")),
        change(options.Flag("change")),
        preserve(options.Flag("preserve")) {}

  plugin::Preserved Run(plugin::Graph& graph) const {
    if (analysis == "total") {
      if (const auto* total = graph.Get<Total>()) seen = total->weight;
    } else if (analysis == "half") {
      if (const auto* half = graph.Get<Half>()) seen = *half;
    } else if (analysis == "failing") {
      EXPECT_EQ(graph.Get<Failing>(), nullptr);
    } else if (analysis == "of-placed") {
      EXPECT_EQ(graph.Get<OfPlaced>(), nullptr);
    } else {
      text = graph.AnalysisText(analysis);
    }
    if (change) graph.SetWeight(1, 2 + graph.section(1).weight);
    return preserve ? plugin::Preserved::None().Preserve<Total>()
           : change ? plugin::Preserved::None()
                    : plugin::Preserved::All();
  }
};

using Analyses = PluginRun<Total, Half, Failing, OfPlaced, Ask>;

TEST(PluginAnalysis, IsComputedOnceUntilThereIsAChange) {
  Total::computed = 0;
  Analyses run;
  ASSERT_EQ(run.Run("ask<for=total>,require<total>,ask<for=half>"),
            absl::OkStatus());
  EXPECT_EQ(Ask::seen, 4);
  EXPECT_EQ(Total::computed, 1);
  EXPECT_EQ(Total::alive, 1);
  ASSERT_EQ(run.Run("ask<for=total,change>,ask<for=half>"), absl::OkStatus());
  EXPECT_EQ(Total::computed, 2);
  EXPECT_EQ(Ask::seen, 5);
}

TEST(PluginAnalysis, IsKeptByPassesThatPreserveIt) {
  Total::computed = 0;
  Analyses run;
  ASSERT_EQ(run.Run("ask<for=total,change,preserve>,ask<for=half>"),
            absl::OkStatus());
  EXPECT_EQ(Ask::seen, 4);
  EXPECT_EQ(Total::computed, 1);
}

TEST(PluginAnalysis, HasItsResultsDestroyed) {
  {
    Analyses run;
    ASSERT_EQ(run.Run("require<half>"), absl::OkStatus());
    EXPECT_EQ(Total::alive, 1);
  }
  EXPECT_EQ(Total::alive, 0);
}

TEST(PluginAnalysis, IsTextForOthers) {
  Analyses run;
  ASSERT_EQ(run.Run("ask<for=total>"), absl::OkStatus());
  const auto* text = std::any_cast<ResultText<LinkGraph>>(
      &run.registry.FindAnalysis("total")->text);
  ASSERT_NE(text, nullptr);
  EXPECT_EQ(*(*text)(run.graph, run.analyses), "weight 8.000000");
  EXPECT_FALSE(run.registry.FindAnalysis("half")->text.has_value());
}

TEST(PluginAnalysis, FailsIfItThrows) {
  Analyses run;
  const absl::string_view error =
      "analysis failing: plugin test: threw: no idea";
  EXPECT_EQ(run.Run("require<failing>").message(),
            absl::StrCat("pass require: ", error));
  EXPECT_EQ(run.Run("ask<for=failing>").message(),
            absl::StrCat("pass ask: plugin test: ", error));
}

TEST(PluginAnalysis, IsOfItsUnitOnly) {
  Analyses run;
  EXPECT_EQ(run.Run("ask<for=of-placed>").message(),
            "pass ask: plugin test: analysis of-placed is of another unit");
}

// An analysis that is not this plugin's.
struct Modules {
  static constexpr absl::string_view kName = "module-count";
  static constexpr absl::string_view kHelp = "how many modules there are";
  using Result = size_t;
  absl::StatusOr<size_t> Run(const LinkGraph& graph,
                             AnalysisManager<LinkGraph>&) {
    return graph.modules.size();
  }
  static std::string Print(size_t count) {
    return absl::StrCat(count, " modules");
  }
};

TEST(PluginAnalysis, CanBeThatOfAnotherAsText) {
  Analyses run;
  run.registry = UnitsOnly();
  run.registry.AddAnalysis<LinkGraph, Modules>();
  const relink_pass_plugin info = InProcessPlugin<Total, Ask>();
  ASSERT_TRUE(RegisterPlugin(&info, nullptr, run.registry).ok());
  ASSERT_EQ(run.Run("ask<for=module-count>"), absl::OkStatus());
  EXPECT_EQ(Ask::text, "1 modules");
  EXPECT_EQ(run.Run("ask<for=modul-count>").message(),
            "pass ask: plugin test: no analysis modul-count; did you mean "
            "module-count?");
}

}  // namespace
}  // namespace relink
