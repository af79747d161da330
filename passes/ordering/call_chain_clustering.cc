// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/ordering/call_chain_clustering.h"

#include <algorithm>
#include <numeric>

namespace relink {
namespace {

constexpr uint32_t kNone = UINT32_MAX;

// A merge that leaves less than this part of the caller's density is none: it
// would tear what is hot apart for something cold.
constexpr double kLeastDensityKept = 1.0 / 8;

// A list of functions, linked from each to the next.
struct Cluster {
  uint32_t last;  // The first is what the cluster is called by.
  uint64_t size;
  double weight;

  double density() const { return weight / static_cast<double>(size); }
};

class Clustering {
 public:
  explicit Clustering(const WeightedCalls& calls)
      : next_(calls.functions.size(), kNone), leader_(calls.functions.size()) {
    std::iota(leader_.begin(), leader_.end(), 0u);
    for (uint32_t i = 0; i < calls.functions.size(); ++i) {
      clusters_.push_back(
          {i, calls.functions[i].size, calls.functions[i].weight});
    }
  }

  // The first function of the one that `function` is in.
  uint32_t Find(uint32_t function) {
    while (leader_[function] != function) {
      leader_[function] = leader_[leader_[function]];
      function = leader_[function];
    }
    return function;
  }

  bool ShouldAppend(uint32_t before, uint32_t after, uint64_t max_size) const {
    const Cluster& a = clusters_[before];
    const Cluster& b = clusters_[after];
    if (before == after || a.size + b.size > max_size) return false;
    const double density =
        (a.weight + b.weight) / static_cast<double>(a.size + b.size);
    return density >= a.density() * kLeastDensityKept;
  }

  void Append(uint32_t before, uint32_t after) {
    Cluster& a = clusters_[before];
    const Cluster& b = clusters_[after];
    next_[a.last] = after;
    a.last = b.last;
    a.size += b.size;
    a.weight += b.weight;
    leader_[after] = before;
  }

  std::vector<uint32_t> InOrderOfDensity() const {
    std::vector<uint32_t> leaders;
    for (uint32_t i = 0; i < leader_.size(); ++i) {
      if (leader_[i] == i) leaders.push_back(i);
    }
    std::ranges::stable_sort(leaders, std::greater<>(), [&](uint32_t leader) {
      return clusters_[leader].density();
    });
    std::vector<uint32_t> order;
    order.reserve(leader_.size());
    for (const uint32_t leader : leaders) {
      for (uint32_t i = leader; i != kNone; i = next_[i]) order.push_back(i);
    }
    return order;
  }

 private:
  std::vector<Cluster> clusters_;
  std::vector<uint32_t> next_;
  std::vector<uint32_t> leader_;
};

// For each function, the call from the one that calls it most; kNone if none.
std::vector<uint32_t> HeaviestCalls(const WeightedCalls& calls) {
  std::vector<uint32_t> heaviest(calls.functions.size(), kNone);
  for (uint32_t i = 0; i < calls.calls.size(); ++i) {
    uint32_t& best = heaviest[calls.calls[i].callee];
    if (best == kNone || calls.calls[i].weight > calls.calls[best].weight) {
      best = i;
    }
  }
  return heaviest;
}

}  // namespace

std::vector<uint32_t> ClusterCallChains(const WeightedCalls& calls,
                                        uint64_t max_cluster_size) {
  const std::vector<uint32_t> heaviest = HeaviestCalls(calls);
  std::vector<uint32_t> hottest(calls.functions.size());
  std::iota(hottest.begin(), hottest.end(), 0u);
  std::ranges::stable_sort(hottest, std::greater<>(), [&](uint32_t i) {
    return calls.functions[i].weight;
  });
  Clustering clustering(calls);
  for (const uint32_t function : hottest) {
    if (calls.functions[function].weight <= 0) break;
    if (heaviest[function] == kNone) continue;
    const uint32_t before =
        clustering.Find(calls.calls[heaviest[function]].caller);
    const uint32_t after = clustering.Find(function);
    if (clustering.ShouldAppend(before, after, max_cluster_size)) {
      clustering.Append(before, after);
    }
  }
  return clustering.InOrderOfDensity();
}

}  // namespace relink
