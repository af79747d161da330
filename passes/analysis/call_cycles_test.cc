// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/analysis/call_cycles.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "passes/analysis/call_graph.h"

namespace relink {
namespace {

// Of calls that ascend.
std::vector<bool> Cycles(uint32_t sections,
                         const std::vector<std::pair<int, int>>& calls) {
  CallGraph::Result graph;
  graph.first.assign(sections + 1, 0);
  for (const auto& [caller, callee] : calls) {
    graph.edges.push_back({SectionId(static_cast<uint32_t>(caller)),
                           SectionId(static_cast<uint32_t>(callee)), 1, 1});
    ++graph.first[static_cast<uint32_t>(caller) + 1];
  }
  for (uint32_t i = 1; i <= sections; ++i) {
    graph.first[i] += graph.first[i - 1];
  }
  return FindCallCycles(graph);
}

using Flags = std::vector<bool>;

TEST(FindCallCycles, FindsWhatCallsItself) {
  EXPECT_EQ(Cycles(2, {{0, 1}, {1, 1}}), (Flags{false, true}));
}

TEST(FindCallCycles, FindsWhatCallsItselfThroughOthers) {
  EXPECT_EQ(Cycles(5, {{0, 1}, {1, 2}, {2, 3}, {3, 1}, {3, 4}}),
            (Flags{false, true, true, true, false}));
}

TEST(FindCallCycles, TakesADiamondForNone) {
  EXPECT_EQ(Cycles(4, {{0, 1}, {0, 2}, {1, 3}, {2, 3}}), Flags(4, false));
}

TEST(FindCallCycles, GoesAsDeepAsCallsGo) {
  constexpr int kCount = 200000;
  std::vector<std::pair<int, int>> calls;
  calls.reserve(kCount);
  for (int i = 0; i < kCount; ++i) calls.emplace_back(i, (i + 1) % kCount);
  EXPECT_EQ(Cycles(kCount, calls), Flags(kCount, true));
}

}  // namespace
}  // namespace relink
