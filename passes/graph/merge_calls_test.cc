// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/merge_calls.h"

#include <vector>

#include "gtest/gtest.h"
#include "relink/ir/link_graph.h"

namespace relink {
namespace {

TEST(MergeCalls, AddsUpThoseOfTheSamePair) {
  const SectionId a(0);
  const SectionId b(1);
  std::vector<CallEdge> calls = {{b, a, 1}, {a, b, 2}, {b, a, 4}};
  MergeCalls(calls);
  ASSERT_EQ(calls.size(), 2u);
  EXPECT_EQ(calls[0].caller_id, a);
  EXPECT_EQ(calls[0].weight, 2);
  EXPECT_EQ(calls[1].caller_id, b);
  EXPECT_EQ(calls[1].weight, 5);
}

TEST(MergeCalls, TakesNone) {
  std::vector<CallEdge> calls;
  MergeCalls(calls);
  EXPECT_TRUE(calls.empty());
}

}  // namespace
}  // namespace relink
