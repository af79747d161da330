// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_ORDERING_RANDOM_CALLS_H_
#define RELINK_PASSES_ORDERING_RANDOM_CALLS_H_

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "passes/ordering/weighted_calls.h"

namespace relink {

// Functions that call each other at random, always the same for the same
// arguments; a few of them run much, most run little. For tests.
inline WeightedCalls RandomCalls(uint32_t functions, uint32_t calls,
                                 uint32_t seed = 1) {
  std::mt19937 engine(seed);
  const auto random = [&](uint32_t below) {
    return static_cast<uint32_t>(engine() % below);
  };
  WeightedCalls weighted;
  for (uint32_t i = 0; i < functions; ++i) {
    weighted.functions.push_back({16 + random(500), 0});
  }
  std::vector<std::pair<uint32_t, uint32_t>> pairs;
  for (uint32_t i = 0; i < calls; ++i) {
    const uint32_t caller = random(functions);
    const uint32_t callee = random(functions);
    if (caller != callee) pairs.emplace_back(caller, callee);
  }
  std::ranges::sort(pairs);
  const auto twice = std::ranges::unique(pairs);
  pairs.erase(twice.begin(), twice.end());
  for (const auto& [caller, callee] : pairs) {
    const double weight = std::floor(std::exp(random(1000) / 100.0));
    weighted.calls.push_back(
        {caller, callee, weighted.functions[caller].size / 2, weight});
    weighted.functions[callee].weight += weight;
  }
  return weighted;
}

// How many bytes a call goes on the average, if functions lie in this order.
inline double MeanDistance(const WeightedCalls& calls,
                           const std::vector<uint32_t>& order) {
  std::vector<uint64_t> begin(calls.functions.size());
  uint64_t next = 0;
  for (const uint32_t function : order) {
    begin[function] = next;
    next += calls.functions[function].size;
  }
  double distance = 0;
  double weight = 0;
  for (const WeightedCalls::Call& call : calls.calls) {
    const uint64_t from = begin[call.caller] + call.offset;
    const uint64_t to = begin[call.callee];
    distance +=
        call.weight * static_cast<double>(from > to ? from - to : to - from);
    weight += call.weight;
  }
  return distance / weight;
}

}  // namespace relink

#endif  // RELINK_PASSES_ORDERING_RANDOM_CALLS_H_
