// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/ordering/call_chain_clustering.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include "gtest/gtest.h"
#include "passes/ordering/random_calls.h"
#include "passes/ordering/weighted_calls.h"

namespace relink {
namespace {

using Order = std::vector<uint32_t>;
constexpr uint64_t kMegabyte = uint64_t{1} << 20;

TEST(ClusterCallChains, PutsAFunctionBehindItsHeaviestCaller) {
  WeightedCalls calls;
  calls.functions = {{10, 1}, {10, 50}, {10, 60}, {10, 100}};
  calls.calls = {{0, 3, 5, 10}, {1, 3, 5, 90}, {0, 2, 5, 60}};
  EXPECT_EQ(ClusterCallChains(calls, kMegabyte), (Order{1, 3, 0, 2}));
}

TEST(ClusterCallChains, KeepsTheOrderOfWhatNeverRuns) {
  WeightedCalls calls;
  calls.functions = {{10, 0}, {10, 0}, {10, 5}, {10, 0}};
  EXPECT_EQ(ClusterCallChains(calls, kMegabyte), (Order{2, 0, 1, 3}));
  EXPECT_EQ(ClusterCallChains({}, kMegabyte), Order{});
}

TEST(ClusterCallChains, MakesNoClusterTooLarge) {
  WeightedCalls calls;
  calls.functions = {{60, 1}, {60, 5}, {30, 4}};
  calls.calls = {{0, 1, 5, 5}, {0, 2, 5, 4}};
  EXPECT_EQ(ClusterCallChains(calls, 100), (Order{1, 0, 2}));
  EXPECT_EQ(ClusterCallChains(calls, 150), (Order{0, 1, 2}));
}

TEST(ClusterCallChains, DoesNotPutSomethingColdBehindSomethingHot) {
  WeightedCalls calls;
  calls.functions = {{10, 100}, {1000, 1}, {10, 50}};
  calls.calls = {{0, 1, 5, 1}, {0, 2, 5, 50}};
  EXPECT_EQ(ClusterCallChains(calls, kMegabyte), (Order{0, 2, 1}));
}

TEST(ClusterCallChains, HasEachFunctionOnce) {
  const WeightedCalls calls = RandomCalls(500, 3000);
  Order order = ClusterCallChains(calls, 4096);
  std::ranges::sort(order);
  Order all(500);
  std::iota(all.begin(), all.end(), 0u);
  EXPECT_EQ(order, all);
}

TEST(ClusterCallChains, MakesCallsShort) {
  const WeightedCalls calls = RandomCalls(2000, 6000);
  Order as_they_were(2000);
  std::iota(as_they_were.begin(), as_they_were.end(), 0u);
  EXPECT_LT(MeanDistance(calls, ClusterCallChains(calls, kMegabyte)),
            0.7 * MeanDistance(calls, as_they_were));
}

}  // namespace
}  // namespace relink
