// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/ordering/cache_directed_sort.h"

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

TEST(SortCacheDirected, PutsACalleeBehindItsCaller) {
  WeightedCalls calls;
  calls.functions = {{16, 10}, {16, 0}, {16, 100}};
  calls.calls = {{0, 2, 8, 100}};
  EXPECT_EQ(SortCacheDirected(calls), (Order{0, 2, 1}));
}

TEST(SortCacheDirected, PutsTheHeavierPairTogether) {
  WeightedCalls calls;
  calls.functions = {{64, 50}, {64, 50}, {64, 90}, {64, 90}};
  calls.calls = {{0, 1, 32, 1}, {0, 2, 32, 40}, {1, 3, 32, 40}};
  const Order order = SortCacheDirected(calls);
  const auto place = [&](uint32_t function) {
    return std::ranges::find(order, function) - order.begin();
  };
  EXPECT_EQ(place(2), place(0) + 1);
  EXPECT_EQ(place(3), place(1) + 1);
}

TEST(SortCacheDirected, KeepsTheOrderOfWhatNeverRuns) {
  WeightedCalls calls;
  calls.functions = {{10, 0}, {10, 0}, {10, 5}, {10, 0}};
  EXPECT_EQ(SortCacheDirected(calls), (Order{2, 0, 1, 3}));
  EXPECT_EQ(SortCacheDirected({}), Order{});
}

TEST(SortCacheDirected, MakesNoChainTooLong) {
  WeightedCalls calls;
  for (uint32_t i = 0; i < 300; ++i) calls.functions.push_back({16, 1});
  for (uint32_t i = 1; i < 300; ++i) calls.calls.push_back({0, i, 8, 1});
  FetchModel model;
  model.most = 10;
  const Order order = SortCacheDirected(calls, model);
  EXPECT_EQ(order.size(), 300u);
  EXPECT_EQ(SortCacheDirected(calls, model), order);
}

TEST(SortCacheDirected, HasEachFunctionOnce) {
  const WeightedCalls calls = RandomCalls(500, 3000);
  Order order = SortCacheDirected(calls);
  std::ranges::sort(order);
  Order all(500);
  std::iota(all.begin(), all.end(), 0u);
  EXPECT_EQ(order, all);
}

TEST(SortCacheDirected, MakesCallsShort) {
  const WeightedCalls calls = RandomCalls(2000, 6000);
  Order as_they_were(2000);
  std::iota(as_they_were.begin(), as_they_were.end(), 0u);
  EXPECT_LT(MeanDistance(calls, SortCacheDirected(calls)),
            0.7 * MeanDistance(calls, as_they_were));
}

}  // namespace
}  // namespace relink
