// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/ordering/cache_directed_sort.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <queue>
#include <tuple>
#include <utility>

namespace relink {
namespace {

constexpr uint32_t kNone = UINT32_MAX;

// Functions that will follow each other.
struct Chain {
  std::vector<uint32_t> functions;
  std::vector<uint32_t> links;  // To other chains.
  uint64_t size = 0;
  double weight = 0;
  double misses = 0;

  double density() const { return weight / static_cast<double>(size); }
};

// All calls between two chains, whoever calls.
struct Link {
  uint32_t first = kNone;  // Chains; the first comes first if they are merged.
  uint32_t second = kNone;
  std::vector<uint32_t> calls;
  double gain = 0;
  uint32_t version = 0;  // How often the gain was computed.
  // One of the chains has changed since. Mostly a gain shrinks by that.
  bool stale = false;

  bool gone() const { return first == kNone; }
  uint32_t Other(uint32_t chain) const {
    return chain == first ? second : first;
  }
};

class Sorter {
 public:
  Sorter(const WeightedCalls& calls, const FetchModel& model);

  std::vector<uint32_t> Sort() &&;

 private:
  // A gain as it was when it was queued.
  struct Candidate {
    double gain;
    uint32_t link;
    uint32_t version;
    // The first of two that gain the same wins.
    auto Key() const { return std::tuple(gain, ~link); }
    friend bool operator<(const Candidate& a, const Candidate& b) {
      return a.Key() < b.Key();
    }
  };

  void LinkChains();
  void Merge(uint32_t link);
  std::vector<uint32_t> TakeLinks(uint32_t into, uint32_t from);
  void Update(uint32_t link);
  // What calls of `link` gain if `second` comes behind `first`.
  double DistanceGain(const Link& link, uint32_t first) const;
  double MissGain(const Chain& a, const Chain& b) const;
  double Misses(double weight, uint64_t size) const;
  std::vector<uint32_t> InOrderOfDensity() const;

  const WeightedCalls& calls_;
  const FetchModel& model_;
  double total_weight_ = 0;
  std::vector<Chain> chains_;
  std::vector<Link> links_;
  std::vector<uint32_t> chain_of_;   // Each function's.
  std::vector<uint64_t> offset_of_;  // In its chain.
  std::vector<uint32_t> link_to_;    // Used by TakeLinks: by chain.
  std::priority_queue<Candidate> candidates_;
};

Sorter::Sorter(const WeightedCalls& calls, const FetchModel& model)
    : calls_(calls),
      model_(model),
      chains_(calls.functions.size()),
      offset_of_(calls.functions.size()),
      link_to_(calls.functions.size(), kNone) {
  for (uint32_t i = 0; i < calls.functions.size(); ++i) {
    chains_[i].functions.push_back(i);
    chains_[i].size = calls.functions[i].size;
    chains_[i].weight = calls.functions[i].weight;
    chain_of_.push_back(i);
    total_weight_ += calls.functions[i].weight;
  }
  for (Chain& chain : chains_) chain.misses = Misses(chain.weight, chain.size);
}

// Calls in both directions are of one link.
void Sorter::LinkChains() {
  std::vector<std::tuple<uint32_t, uint32_t, uint32_t>> pairs;
  pairs.reserve(calls_.calls.size());
  for (uint32_t i = 0; i < calls_.calls.size(); ++i) {
    const auto [low, high] =
        std::minmax(calls_.calls[i].caller, calls_.calls[i].callee);
    pairs.emplace_back(low, high, i);
  }
  std::ranges::sort(pairs);
  for (const auto& [low, high, call] : pairs) {
    if (links_.empty() || links_.back().first != low ||
        links_.back().second != high) {
      const auto link = static_cast<uint32_t>(links_.size());
      links_.push_back({low, high, {}});
      chains_[low].links.push_back(link);
      chains_[high].links.push_back(link);
    }
    links_.back().calls.push_back(call);
  }
}

// How often a part of so many bytes that runs so often is not in the cache:
// none of its entries is then one of the part's pages.
double Sorter::Misses(double weight, uint64_t size) const {
  const double on_page = weight / static_cast<double>(size) * model_.size;
  if (on_page >= total_weight_) return 0;
  double probability = 1;
  double power = 1 - on_page / total_weight_;
  for (uint32_t left = model_.entries; left != 0; left /= 2) {
    if (left % 2 != 0) probability *= power;
    power *= power;
  }
  return weight * probability;
}

double Sorter::MissGain(const Chain& a, const Chain& b) const {
  return a.misses + b.misses - Misses(a.weight + b.weight, a.size + b.size);
}

double Sorter::DistanceGain(const Link& link, uint32_t first) const {
  const uint64_t shift = chains_[first].size;
  const auto place = [&](uint32_t function, uint64_t offset) {
    const uint64_t behind = chain_of_[function] == first ? 0 : shift;
    return offset_of_[function] + offset + behind;
  };
  double gain = 0;
  for (const uint32_t i : link.calls) {
    const WeightedCalls::Call& call = calls_.calls[i];
    const uint64_t from = place(call.caller, call.offset);
    const uint64_t to = place(call.callee, 0);
    const auto distance =
        static_cast<double>(from > to ? from - to : to - from);
    gain += call.weight / std::sqrt(std::sqrt(std::max(distance, 1.0)));
  }
  return gain;
}

void Sorter::Update(uint32_t number) {
  Link& link = links_[number];
  const Chain& a = chains_[link.first];
  const Chain& b = chains_[link.second];
  ++link.version;
  link.stale = false;
  if (a.functions.size() + b.functions.size() > model_.most) return;
  const double one_way = DistanceGain(link, link.first);
  const double other_way = DistanceGain(link, link.second);
  if (other_way > one_way) std::swap(link.first, link.second);
  link.gain =
      std::max(one_way, other_way) + model_.miss_factor * MissGain(a, b);
  if (link.gain > 0) candidates_.push({link.gain, number, link.version});
}

void Sorter::Merge(uint32_t number) {
  const uint32_t into = links_[number].first;
  const uint32_t from = links_[number].second;
  Chain& a = chains_[into];
  Chain& b = chains_[from];
  for (const uint32_t function : b.functions) {
    chain_of_[function] = into;
    offset_of_[function] += a.size;
    a.functions.push_back(function);
  }
  a.size += b.size;
  a.weight += b.weight;
  a.misses = Misses(a.weight, a.size);
  const std::vector<uint32_t> grown = TakeLinks(into, from);
  links_[number] = Link();
  b = Chain();
  for (const uint32_t link : grown) Update(link);
}

// The links of `from` become such of `into`; what both had to one chain is one,
// and is returned.
std::vector<uint32_t> Sorter::TakeLinks(uint32_t into, uint32_t from) {
  std::vector<uint32_t> kept;
  std::vector<uint32_t> grown;
  for (const uint32_t number : chains_[into].links) {
    if (links_[number].gone()) continue;
    const uint32_t other = links_[number].Other(into);
    if (other == from) continue;
    link_to_[other] = number;
    kept.push_back(number);
  }
  for (const uint32_t number : chains_[from].links) {
    Link& link = links_[number];
    if (link.gone()) continue;
    const uint32_t other = link.Other(from);
    if (other == into) continue;
    if (link_to_[other] == kNone) {
      (link.first == from ? link.first : link.second) = into;
      kept.push_back(number);
      continue;
    }
    std::vector<uint32_t>& calls = links_[link_to_[other]].calls;
    calls.insert(calls.end(), link.calls.begin(), link.calls.end());
    link = Link();  // The other chain skips it from now on.
    grown.push_back(link_to_[other]);
  }
  for (const uint32_t number : kept) {
    link_to_[links_[number].Other(into)] = kNone;
    links_[number].stale = true;
  }
  chains_[into].links = std::move(kept);
  return grown;
}

std::vector<uint32_t> Sorter::InOrderOfDensity() const {
  std::vector<uint32_t> order;
  for (uint32_t i = 0; i < chains_.size(); ++i) {
    if (!chains_[i].functions.empty()) order.push_back(i);
  }
  std::ranges::stable_sort(order, std::greater<>(), [&](uint32_t chain) {
    return chains_[chain].density();
  });
  std::vector<uint32_t> functions;
  functions.reserve(chain_of_.size());
  for (const uint32_t chain : order) {
    functions.insert(functions.end(), chains_[chain].functions.begin(),
                     chains_[chain].functions.end());
  }
  return functions;
}

std::vector<uint32_t> Sorter::Sort() && {
  LinkChains();
  for (uint32_t i = 0; i < links_.size(); ++i) Update(i);
  while (!candidates_.empty()) {
    const Candidate best = candidates_.top();
    candidates_.pop();
    if (links_[best.link].version != best.version) continue;
    // Computed again only now, when it might be the best.
    links_[best.link].stale ? Update(best.link) : Merge(best.link);
  }
  return InOrderOfDensity();
}

}  // namespace

std::vector<uint32_t> SortCacheDirected(const WeightedCalls& calls,
                                        const FetchModel& model) {
  return Sorter(calls, model).Sort();
}

}  // namespace relink
