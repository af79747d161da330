// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/randomize.h"

#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"
#include "relink/ir/graph_builder.h"
#include "relink/ir/link_graph.h"
#include "relink/pass/analysis_manager.h"
#include "relink/pass/pass_context.h"
#include "relink/pass/remark.h"

namespace relink {
namespace {

LinkGraph HundredFunctions() {
  GraphBuilder builder;
  builder.Module("a");
  for (int i = 0; i < 100; ++i) builder.Function("f" + std::to_string(i), 8);
  return builder.Build();
}

// The order after `pass`; `seed` gets the one that it says.
std::vector<SectionId> OrderAfter(const Randomize& pass, uint64_t& seed) {
  LinkGraph graph = HundredFunctions();
  CollectedRemarks remarks;
  PassContext context;
  context.set_remarks(&remarks);
  AnalysisManager<LinkGraph> analyses(context);
  EXPECT_TRUE(pass.Run(graph, analyses).ok());
  EXPECT_EQ(remarks.remarks().size(), 1u);
  absl::string_view message = remarks.remarks().at(0).message;
  EXPECT_TRUE(absl::ConsumePrefix(&message, "seed="));
  EXPECT_TRUE(absl::SimpleAtoi(message, &seed));
  return graph.order;
}

TEST(Randomize, TakesAnotherSeedEachTimeAndSaysIt) {
  uint64_t first_seed = 0;
  uint64_t second_seed = 0;
  const std::vector<SectionId> first = OrderAfter({}, first_seed);
  EXPECT_NE(first, OrderAfter({}, second_seed));
  EXPECT_NE(first_seed, second_seed);
  EXPECT_EQ(OrderAfter({first_seed}, second_seed), first);
  EXPECT_EQ(second_seed, first_seed);
}

}  // namespace
}  // namespace relink
