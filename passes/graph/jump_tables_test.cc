// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/jump_tables.h"

#include <vector>

#include "gtest/gtest.h"
#include "relink/ir/graph_builder.h"
#include "relink/ir/link_graph.h"

namespace relink {
namespace {

TEST(JumpTablesByOwner, HasTheLiveOnesOfEachFunction) {
  LinkGraph graph = GraphBuilder()
                        .Module("a")
                        .Function("f", 8)
                        .JumpTable("f1", 4)
                        .Function("g", 8)
                        .Function("h", 8)
                        .JumpTable("h1", 4)
                        .JumpTable("h2", 4)
                        .JumpTable("dead", 4)
                        .Build();
  graph.sections[SectionId(6)].dead = true;
  const JumpTablesByOwner tables(graph);
  const auto of = [&](uint32_t id) {
    const auto found = tables.Of(SectionId(id));
    return std::vector<SectionId>(found.begin(), found.end());
  };
  EXPECT_EQ(of(0), std::vector{SectionId(1)});
  EXPECT_TRUE(of(1).empty());
  EXPECT_TRUE(of(2).empty());
  EXPECT_EQ(of(3), (std::vector{SectionId(4), SectionId(5)}));
  EXPECT_TRUE(of(6).empty());
}

}  // namespace
}  // namespace relink
