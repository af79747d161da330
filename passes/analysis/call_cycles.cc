// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/analysis/call_cycles.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace relink {
namespace {

// Tarjan's algorithm for strongly connected components ("Depth-first search and
// linear graph algorithms", SIAM Journal on Computing, 1972), with a stack of
// its own: chains of calls are longer than the program's.
class Components {
 public:
  explicit Components(const CallGraph::Result& calls)
      : calls_(calls),
        number_(calls.first.size() - 1),
        lowest_(number_.size()),
        waiting_(number_.size()),
        cyclic_(number_.size()) {}

  std::vector<bool> Find() && {
    for (uint32_t i = 0; i < number_.size(); ++i) {
      if (number_[i] == 0) Visit(i);
    }
    return std::move(cyclic_);
  }

 private:
  struct Frame {
    uint32_t section;
    size_t next_call;
  };

  void Visit(uint32_t root) {
    Enter(root);
    while (!frames_.empty()) {
      const uint32_t section = frames_.back().section;
      const auto calls = calls_.CallsOf(SectionId(section));
      if (frames_.back().next_call == calls.size()) {
        Leave(section);
        continue;
      }
      const uint32_t callee =
          calls[frames_.back().next_call++].callee_id.index();
      if (callee == section) {
        cyclic_[section] = true;
      } else if (number_[callee] == 0) {
        Enter(callee);
      } else if (waiting_[callee]) {
        lowest_[section] = std::min(lowest_[section], number_[callee]);
      }
    }
  }

  void Enter(uint32_t section) {
    number_[section] = lowest_[section] = ++last_number_;
    waiting_[section] = true;
    stack_.push_back(section);
    frames_.push_back({section, 0});
  }

  // What is on the stack from the first of a component on is the component.
  void Leave(uint32_t section) {
    frames_.pop_back();
    if (!frames_.empty()) {
      uint32_t& lowest = lowest_[frames_.back().section];
      lowest = std::min(lowest, lowest_[section]);
    }
    if (lowest_[section] != number_[section]) return;
    const bool alone = stack_.back() == section;
    uint32_t member = 0;
    do {
      member = stack_.back();
      stack_.pop_back();
      waiting_[member] = false;
      if (!alone) cyclic_[member] = true;
    } while (member != section);
  }

  const CallGraph::Result& calls_;
  std::vector<uint32_t> number_;  // In the order of visits, from 1.
  std::vector<uint32_t> lowest_;
  std::vector<bool> waiting_;  // On the stack.
  std::vector<bool> cyclic_;
  std::vector<uint32_t> stack_;
  std::vector<Frame> frames_;
  uint32_t last_number_ = 0;
};

}  // namespace

std::vector<bool> FindCallCycles(const CallGraph::Result& calls) {
  return Components(calls).Find();
}

}  // namespace relink
