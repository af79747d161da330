// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/analysis/layout_metrics.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "passes/analysis/call_graph.h"
#include "relink/ir/graph_parser.h"
#include "relink/ir/link_graph.h"
#include "relink/pass/analysis_manager.h"

namespace relink {
namespace {

// Two functions that call each other, far apart in the file, near in an arena;
// and one that does not run.
constexpr absl::string_view kGraph = R"(
  module a depth=functions capability=Overlayable materialization=Overlay
  section f function size=0x80 align=16 home=0x1000 weight=1 arena=hot
  section cold function size=0x10 home=0x1800
  section g function size=0x40 align=64 home=0x8fe0 weight=1 arena=hot
  arena hot
  call f g weight=10
)";

TEST(LayoutMetrics, CountsWhereSectionsWouldBe) {
  const absl::StatusOr<LinkGraph> graph = ParseGraph(kGraph);
  ASSERT_TRUE(graph.ok()) << graph.status();
  AnalysisManager<LinkGraph> analyses;
  const auto metrics = analyses.Get<LayoutMetrics>(*graph);
  ASSERT_TRUE(metrics.ok()) << metrics.status();
  EXPECT_TRUE((*metrics)->weighted);
  EXPECT_EQ((*metrics)->sections, 2u);
  EXPECT_EQ((*metrics)->bytes, 0xc0u);
  EXPECT_EQ((*metrics)->pages, 1u);
  EXPECT_EQ((*metrics)->lines, 3u);
  EXPECT_EQ((*metrics)->calls, 10);
  EXPECT_EQ((*metrics)->call_distance, 0x40);
  EXPECT_EQ((*metrics)->calls_on_page, 1);
}

TEST(LayoutMetrics, CountsWhereFilesHaveThem) {
  const absl::StatusOr<LinkGraph> graph = ParseGraph(kGraph);
  ASSERT_TRUE(graph.ok()) << graph.status();
  AnalysisManager<LinkGraph> analyses;
  const auto calls = analyses.Get<CallGraph>(*graph);
  ASSERT_TRUE(calls.ok()) << calls.status();
  const LayoutMetrics::Result metrics = MeasureFiles(*graph, **calls);
  EXPECT_EQ(metrics.pages, 3u);
  EXPECT_EQ(metrics.lines, 4u);
  EXPECT_EQ(metrics.call_distance, 0x8fe0 - 0x1040);
  EXPECT_EQ(metrics.calls_on_page, 0);
}

}  // namespace
}  // namespace relink
