// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/equal_functions.h"

#include <cstdint>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "relink/ir/graph_builder.h"
#include "relink/ir/link_graph.h"

namespace relink {
namespace {

using Groups = std::vector<std::vector<SectionId>>;

// Adds a function that calls `callee` and does nothing else.
void AddCaller(GraphBuilder& builder, const std::string& name,
               const std::string& callee) {
  builder.Function(name, 6).Local(name).Calls(callee).Contents(
      {0xe8, 0, 0, 0, 0, 0xc3});
}

TEST(FindEqualFunctions, ComparesBytesAndReferences) {
  GraphBuilder builder;
  builder.Module("a");
  AddCaller(builder, "f1", "puts");
  AddCaller(builder, "f2", "puts");
  AddCaller(builder, "f3", "gets");
  builder.Function("f4", 6).Calls("puts").Contents({0xe9, 0, 0, 0, 0, 0xc3});
  EXPECT_EQ(FindEqualFunctions(builder.Build(), true),
            (Groups{{SectionId(0), SectionId(1)}}));
}

TEST(FindEqualFunctions, SeesThroughChainsOfCalls) {
  GraphBuilder builder;
  builder.Module("a");
  AddCaller(builder, "a1", "a2");
  AddCaller(builder, "a2", "a3");
  AddCaller(builder, "a3", "puts");
  AddCaller(builder, "b1", "b2");
  AddCaller(builder, "b2", "b3");
  AddCaller(builder, "b3", "puts");
  EXPECT_EQ(FindEqualFunctions(builder.Build(), true),
            (Groups{{SectionId(0), SectionId(3)},
                    {SectionId(1), SectionId(4)},
                    {SectionId(2), SectionId(5)}}));
}

TEST(FindEqualFunctions, LeavesOutWhatMustNotBeFolded) {
  LinkGraph graph = GraphBuilder()
                        .Module("a")
                        .Function("plain", 1)
                        .Contents({0xc3})
                        .Function("pinned", 1)
                        .Pin("it is looked at")
                        .Contents({0xc3})
                        .Function("with_table", 1)
                        .Contents({0xc3})
                        .JumpTable("table", 4)
                        .Function("without_contents", 1)
                        .Module("b", Capability::kOverlayable)
                        .Function("less_known", 1)
                        .Contents({0xc3})
                        .Module("c")
                        .Function("elsewhere", 1)
                        .Contents({0xc3})
                        .Build();
  EXPECT_EQ(FindEqualFunctions(graph, false), Groups{});
}

TEST(FindEqualFunctions, GivesUpOnChainsMadeToTakeLong) {
  GraphBuilder builder;
  builder.Module("a");
  constexpr int kLength = 200;
  for (int i = 0; i + 1 < kLength; ++i) {
    AddCaller(builder, "f" + std::to_string(i), "f" + std::to_string(i + 1));
  }
  AddCaller(builder, "f" + std::to_string(kLength - 1), "puts");
  AddCaller(builder, "again", "puts");
  EXPECT_EQ(FindEqualFunctions(builder.Build(), true), Groups{});
}

}  // namespace
}  // namespace relink
