// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/hot_blocks.h"

#include <cstddef>

namespace relink {
namespace {

constexpr uint32_t kNone = UINT32_MAX;

using Edges = std::vector<std::vector<uint32_t>>;  // By block.

class HotBlockFinder {
 public:
  explicit HotBlockFinder(const FunctionFlow& flow)
      : flow_(flow),
        hot_(flow.blocks.size()),
        next_(flow.blocks.size()),
        before_(flow.blocks.size()),
        came_from_(flow.blocks.size(), kNone) {
    for (uint32_t i = 0; i < next_.size(); ++i) {
      // What does not jump is the likelier way.
      if (flow.blocks[i].goes_on) next_[i].push_back(i + 1);
      const auto& jumps = flow.blocks[i].jumps;
      next_[i].insert(next_[i].end(), jumps.begin(), jumps.end());
      for (const uint32_t to : next_[i]) before_[to].push_back(i);
    }
  }

  std::vector<bool> Find(std::span<const uint32_t> ran) {
    hot_[0] = true;
    for (const uint32_t offset : ran) hot_[flow_.BlockAt(offset)] = true;
    std::vector<uint32_t> ways_out;
    for (uint32_t i = 0; i < hot_.size(); ++i) {
      if (flow_.blocks[i].leaves) ways_out.push_back(i);
    }
    Connect(next_, before_, ways_out);
    const uint32_t first = 0;
    Connect(before_, next_, {&first, 1});
    return std::move(hot_);
  }

 private:
  // Makes hot what leads along `edges` from each hot block to one of `goals`.
  void Connect(const Edges& edges, const Edges& back,
               std::span<const uint32_t> goals) {
    std::vector<bool> is_goal(hot_.size());
    std::vector<bool> arrives(hot_.size());
    for (const uint32_t goal : goals) {
      is_goal[goal] = true;
      if (hot_[goal]) Spread(goal, back, arrives);
    }
    // Those nearest to a goal first, as most code is laid out: others may then
    // lead to them.
    const auto last = static_cast<uint32_t>(hot_.size() - 1);
    for (uint32_t n = 0; n <= last; ++n) {
      const uint32_t i = &edges == &next_ ? last - n : n;
      if (!hot_[i] || arrives[i]) continue;
      const uint32_t found = FindWay(i, edges, arrives, is_goal);
      if (found == kNone) continue;  // It never ends, or nothing enters it.
      for (uint32_t at = found; at != i; at = came_from_[at]) hot_[at] = true;
      Spread(found, back, arrives);
      for (const uint32_t visited : queue_) came_from_[visited] = kNone;
    }
  }

  // Marks `block` and what is hot and leads to it.
  void Spread(uint32_t block, const Edges& back, std::vector<bool>& arrives) {
    std::vector<uint32_t> queue = {block};
    while (!queue.empty()) {
      const uint32_t at = queue.back();
      queue.pop_back();
      if (arrives[at]) continue;
      arrives[at] = true;
      for (const uint32_t from : back[at]) {
        if (hot_[from] && !arrives[from]) queue.push_back(from);
      }
    }
  }

  // The nearest block that arrives or is a goal; from it back, `came_from_`
  // leads to `start`. kNone, and that is empty, if there is none.
  uint32_t FindWay(uint32_t start, const Edges& edges,
                   const std::vector<bool>& arrives,
                   const std::vector<bool>& is_goal) {
    queue_ = {start};
    for (size_t i = 0; i < queue_.size(); ++i) {
      for (const uint32_t to : edges[queue_[i]]) {
        if (to == start || came_from_[to] != kNone) continue;
        came_from_[to] = queue_[i];
        queue_.push_back(to);
        if (arrives[to] || is_goal[to]) return to;
      }
    }
    for (const uint32_t visited : queue_) came_from_[visited] = kNone;
    return kNone;
  }

  const FunctionFlow& flow_;
  std::vector<bool> hot_;
  Edges next_;
  Edges before_;
  // Of the search: what it visited, and from where; kNone: it did not.
  std::vector<uint32_t> queue_;
  std::vector<uint32_t> came_from_;
};

}  // namespace

std::vector<bool> FindHotBlocks(const FunctionFlow& flow,
                                std::span<const uint32_t> ran) {
  return HotBlockFinder(flow).Find(ran);
}

}  // namespace relink
