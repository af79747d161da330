// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/report/heat_map.h"

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "relink/ir/graph_parser.h"
#include "relink/ir/link_graph.h"
#include "relink/layout/layout.h"

namespace relink::tools {
namespace {

// Pages 0x1000 to 0x3fff: f ends on the second one, g is on the last.
constexpr absl::string_view kGraph = R"(
  module dir/a depth=functions capability=Overlayable materialization=Overlay
  section f function size=0x80 align=16 home=0x1fc0 weight=8
  section cold function size=0x10 home=0x2800
  section g function size=0x40 align=64 home=0x3fc0 weight=4 arena=hot
  arena hot
)";

LinkGraph Parsed(absl::string_view text) {
  absl::StatusOr<LinkGraph> graph = ParseGraph(text);
  EXPECT_TRUE(graph.ok()) << graph.status();
  return *std::move(graph);
}

HeatRegion Weighing(std::vector<double> weights) {
  HeatRegion region{.name = "a", .size = 4096 * weights.size()};
  for (size_t i = 0; i < weights.size(); ++i) {
    region.cells.emplace_back();
    if (weights[i] > 0) {
      region.cells[i].Add(SectionId(static_cast<uint32_t>(i)), weights[i]);
    }
  }
  return region;
}

TEST(HeatMap, GivesEachPageItsPartOfAFunction) {
  const HeatMap map = HeatOfFiles(Parsed(kGraph));
  ASSERT_EQ(map.regions.size(), 1u);
  const HeatRegion& region = map.regions[0];
  EXPECT_EQ(region.begin, 0x1000u);
  ASSERT_EQ(region.cells.size(), 3u);
  EXPECT_EQ(region.cells[0].weight, 4);
  EXPECT_EQ(region.cells[1].weight, 4);
  EXPECT_EQ(region.cells[2].weight, 4);
  EXPECT_EQ(region.cells[2].hottest[0].section_id, SectionId(2));
  EXPECT_EQ(region.Weight(), 12);
}

TEST(HeatMap, ShowsWhereTheLayoutPutsFunctions) {
  const LinkGraph graph = Parsed(kGraph);
  Layout layout;
  ModulePlacement placement;
  placement.span = {LinkAddr(0x1000), 0x3000};
  layout.modules.Add(placement);
  layout.arenas.Add({.size = 0x1000});
  for (const Section& section : graph.sections) {
    layout.sections.Add({.arena_id = section.arena_id, .offset = 0x40});
  }
  const HeatMap map = HeatOfLayout(graph, layout);
  ASSERT_EQ(map.regions.size(), 2u);
  // The file's page is still there, and nothing of it runs.
  ASSERT_EQ(map.regions[0].cells.size(), 3u);
  EXPECT_EQ(map.regions[0].cells[2].weight, 0);
  EXPECT_EQ(map.regions[1].name, "hot");
  ASSERT_EQ(map.regions[1].cells.size(), 1u);
  EXPECT_EQ(map.regions[1].cells[0].weight, 4);
  EXPECT_EQ(WeightsOfCells(map), (std::vector<double>{4, 4, 4}));
}

TEST(HeatMap, TakesNoMoreMemoryThanCodeCanBe) {
  const HeatMap map = HeatOfFiles(Parsed(R"(
    module a depth=functions capability=Overlayable
    section f function size=0x10 home=0x1000 weight=1
    section g function size=0x10 home=0x7ffffffff000 weight=1
  )"));
  ASSERT_EQ(map.regions.size(), 1u);
  EXPECT_EQ(map.regions[0].cells.size(), size_t{1} << 18);
  EXPECT_EQ(map.regions[0].cells.back().weight, 1);
}

TEST(Merged, KeepsWeightsAndTheHottest) {
  HeatMap map;
  map.regions = {Weighing({1, 2, 4, 8, 16}), Weighing({32})};
  const HeatMap merged = Merged(map, 8192);
  EXPECT_EQ(merged.bytes_of_a_cell, 8192u);
  ASSERT_EQ(merged.regions[0].cells.size(), 3u);
  EXPECT_EQ(merged.regions[0].cells[0].weight, 3);
  EXPECT_EQ(merged.regions[0].cells[0].sections, 2u);
  EXPECT_EQ(merged.regions[0].cells[0].hottest[0].section_id, SectionId(1));
  EXPECT_EQ(merged.regions[0].cells[2].weight, 16);
  EXPECT_EQ(merged.regions[0].Weight(), map.regions[0].Weight());
  EXPECT_EQ(merged.regions[1].cells.size(), 1u);
}

TEST(Merged, CountsAFunctionOnTwoPagesOnce) {
  HeatCell first;
  first.Add(SectionId(7), 1);
  first.Add(SectionId(8), 2);
  HeatCell second;
  second.Add(SectionId(7), 5);
  first.Add(second);
  EXPECT_EQ(first.sections, 2u);
  EXPECT_EQ(first.hottest[0].section_id, SectionId(7));
  EXPECT_EQ(first.hottest[0].weight, 6);
}

TEST(CellSizeFor, DoublesUntilThereAreFewEnough) {
  HeatMap map;
  map.regions = {Weighing(std::vector<double>(9)), Weighing({1})};
  EXPECT_EQ(CellSizeFor(10, map), 4096u);
  EXPECT_EQ(CellSizeFor(9, map), 8192u);
  EXPECT_EQ(CellSizeFor(3, map), 32768u);
  EXPECT_EQ(Merged(map, CellSizeFor(3, map)).CellCount(), 3u);
  // Each region keeps one.
  EXPECT_EQ(Merged(map, CellSizeFor(0, map)).CellCount(), 2u);
}

TEST(CellsWith, CountsTheHottestFirst) {
  const std::vector<double> weights = {50, 30, 15, 5};
  EXPECT_EQ(CellsWith(0.5, weights), 1u);
  EXPECT_EQ(CellsWith(0.9, weights), 3u);
  EXPECT_EQ(CellsWith(1, weights), 4u);
  EXPECT_EQ(CellsWith(0.5, {}), 0u);
}

}  // namespace
}  // namespace relink::tools
