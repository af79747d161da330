// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/hot_parts.h"

#include <algorithm>
#include <cstddef>

namespace relink {
namespace {

class PartCutter {
 public:
  PartCutter(const FunctionFlow& flow, const std::vector<bool>& hot)
      : flow_(flow),
        hot_(hot),
        is_long_(flow.branches.size()),
        returns_(flow.blocks.size()) {}

  std::vector<FunctionPart> Cut() {
    if (std::ranges::find(hot_, false) == hot_.end()) return {};
    FindReturns();
    MakeParts();
    // Each cut may take a short branch from where it leads.
    while (Lengthen()) MakeParts();
    if (refused_) return {};
    for (uint32_t i = 0; i < flow_.branches.size(); ++i) {
      FunctionPart& part = PartAt(flow_.branches[i].offset);
      if (!Leaves(flow_.branches[i], part)) continue;
      part.leaving.push_back(i);
    }
    return std::move(parts_);
  }

 private:
  // Where the originals of hot blocks, once entered, are to lead to the copies.
  void FindReturns() {
    for (size_t i = 0; i < flow_.blocks.size(); ++i) {
      if (hot_[i]) continue;
      const FlowBlock& block = flow_.blocks[i];
      if (block.goes_on) EnterHot(i + 1);
      for (const uint32_t to : block.jumps) EnterHot(to);
    }
  }

  void EnterHot(size_t number) {
    for (; number < flow_.blocks.size() && hot_[number]; ++number) {
      const FlowBlock& block = flow_.blocks[number];
      if (block.room_for_jump < block.end) {
        // The beginning of the function is its callers' affair.
        if (block.room_for_jump > 0) returns_[number] = true;
        return;
      }
      if (!block.goes_on) return;
    }
  }

  void MakeParts() {
    parts_.clear();
    size_t branch = 0;
    for (size_t i = 0; i < flow_.blocks.size(); ++i) {
      const FlowBlock& block = flow_.blocks[i];
      const bool cut =
          parts_.empty() || parts_.back().hot != hot_[i] || ends_long_;
      if (cut) parts_.push_back({.begin = block.begin, .hot = hot_[i]});
      if (returns_[i]) {
        if (block.room_for_jump > parts_.back().begin) {
          parts_.back().end = block.room_for_jump;
          parts_.back().goes_on = true;
          parts_.push_back({.begin = block.room_for_jump, .hot = true});
        }
        parts_.back().leads = true;
      }
      parts_.back().end = block.end;
      parts_.back().goes_on = block.goes_on;
      while (branch < flow_.branches.size() &&
             flow_.branches[branch].end() < block.end) {
        ++branch;
      }
      ends_long_ = branch < flow_.branches.size() &&
                   flow_.branches[branch].end() == block.end &&
                   is_long_[branch];
    }
    ends_long_ = false;
  }

  // Whether a short branch of a hot part has to become a long one.
  bool Lengthen() {
    bool any = false;
    for (size_t i = 0; i < flow_.branches.size(); ++i) {
      const FlowBranch& branch = flow_.branches[i];
      if (branch.field_size != 1 || is_long_[i]) continue;
      const FunctionPart& part = PartAt(branch.offset);
      if (!part.hot || !Leaves(branch, part)) continue;
      if (branch.always_short()) {
        refused_ = true;
        return false;
      }
      is_long_[i] = true;
      any = true;
    }
    return any;
  }

  FunctionPart& PartAt(uint32_t offset) {
    const auto after =
        std::ranges::upper_bound(parts_, offset, {}, &FunctionPart::begin);
    return *(after - 1);
  }

  static bool Leaves(const FlowBranch& branch, const FunctionPart& part) {
    return branch.target < part.begin || branch.target >= part.end;
  }

  const FunctionFlow& flow_;
  const std::vector<bool>& hot_;
  std::vector<bool> is_long_;  // By branch: it must be.
  std::vector<bool> returns_;  // By block: cut it where there is room.
  std::vector<FunctionPart> parts_;
  bool ends_long_ = false;  // The block before, while parts are made.
  bool refused_ = false;
};

}  // namespace

std::vector<FunctionPart> CutHotParts(const FunctionFlow& flow,
                                      const std::vector<bool>& hot) {
  return PartCutter(flow, hot).Cut();
}

}  // namespace relink
