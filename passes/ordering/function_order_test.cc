// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/ordering/function_order.h"

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "gtest/gtest.h"
#include "relink/ir/graph_builder.h"
#include "relink/ir/link_graph.h"

namespace relink {
namespace {

std::vector<SectionId> Ids(std::initializer_list<uint32_t> ids) {
  std::vector<SectionId> sections;
  for (const uint32_t id : ids) sections.emplace_back(id);
  return sections;
}

LinkGraph Graph() {
  return GraphBuilder()
      .Module("a")
      .Function("f", 8)
      .JumpTable("f_table", 4)
      .ReadOnly(".rodata", 8)
      .Function("pinned", 8)
      .Pin("it is looked at")
      .JumpTable("pinned_table", 4)
      .Function("g", 8)
      .JumpTable("g_table", 4)
      .Data(".data", 8)
      .Build();
}

TEST(FunctionOrder, IsOfFunctionsThatMayMove) {
  EXPECT_EQ(OrderableFunctions(Graph()), Ids({0, 5}));
}

TEST(FunctionOrder, PutsFunctionsFirstAndTablesInTheirOrder) {
  LinkGraph graph = Graph();
  ApplyFunctionOrder(Ids({5, 0}), graph);
  EXPECT_EQ(graph.order, Ids({5, 0, 6, 2, 3, 1, 4, 7}));
}

}  // namespace
}  // namespace relink
