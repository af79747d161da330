// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/function_flow.h"

#include <algorithm>

#include "relink/arch/instruction.h"

namespace relink {
namespace {

class FlowReader {
 public:
  FlowReader(const Target& target, std::span<const std::byte> code,
             std::span<const uint32_t> entries)
      : decode_(target.decode),
        jump_size_(target.jump.size()),
        code_(code),
        entries_(entries),
        marks_(code.size() + 1) {}

  std::optional<FunctionFlow> Read() {
    if (decode_ == nullptr || code_.empty()) return std::nullopt;
    marks_[0] |= kLeader;
    for (const uint32_t entry : entries_) {
      if (entry >= code_.size()) return std::nullopt;
      marks_[entry] |= kLeader;
    }
    if (!Decode()) return std::nullopt;
    for (size_t i = 0; i < code_.size(); ++i) {
      if ((marks_[i] & kLeader) != 0 && (marks_[i] & kBegin) == 0) {
        return std::nullopt;
      }
    }
    MakeBlocks();
    return std::move(flow_);
  }

 private:
  // Of an offset.
  static constexpr uint8_t kBegin = 1;   // An instruction begins.
  static constexpr uint8_t kLeader = 2;  // A block does.
  static constexpr uint8_t kLong = 4;    // There is room for a jump.

  // The last instruction of a block.
  struct End {
    uint32_t offset;  // Behind it.
    Flow flow;
    bool inside;      // It jumps to somewhere in the function.
    uint32_t target;  // There.
  };

  bool Decode() {
    Instruction instruction;
    for (size_t at = 0; at < code_.size(); at += instruction.length) {
      if (!decode_(code_.subspan(at), &instruction)) return false;
      marks_[at] |= kBegin;
      if (instruction.length >= jump_size_) marks_[at] |= kLong;
      const auto offset = static_cast<uint32_t>(at);
      const int64_t target =
          int64_t{offset} + instruction.length + instruction.displacement;
      const bool inside = instruction.field_size != 0 && target >= 0 &&
                          target < static_cast<int64_t>(code_.size());
      if (inside && instruction.pc_relative_memory && target != 0) return false;
      const auto to = static_cast<uint32_t>(inside ? target : 0);
      switch (instruction.flow) {
        case Flow::kNext:
        case Flow::kIndirectCall:
          break;
        case Flow::kCall:
          if (inside) AddBranch(offset, instruction, to);
          break;
        case Flow::kJump:
        case Flow::kConditional:
          EndBlock({offset + instruction.length, instruction.flow, inside, to});
          if (inside) AddBranch(offset, instruction, to);
          break;
        case Flow::kIndirectJump:
        case Flow::kReturn:
        case Flow::kStop:
          EndBlock({offset + instruction.length, instruction.flow, false, 0});
          break;
      }
    }
    return true;
  }

  void AddBranch(uint32_t offset, const Instruction& instruction,
                 uint32_t target) {
    marks_[target] |= kLeader;
    flow_.branches.push_back(
        {.offset = offset,
         .length = instruction.length,
         .opcode_offset = instruction.opcode_offset,
         .field_offset = instruction.field_offset,
         .field_size = instruction.field_size,
         .condition = instruction.condition,
         .conditional = instruction.flow == Flow::kConditional,
         .target = target});
  }

  void EndBlock(const End& end) {
    marks_[end.offset] |= kLeader;
    ends_.push_back(end);
  }

  void MakeBlocks() {
    size_t next_end = 0;
    std::vector<FlowBlock>& blocks = flow_.blocks;
    for (uint32_t at = 0; at < code_.size();) {
      uint32_t end = at + 1;
      while (end < code_.size() && (marks_[end] & kLeader) == 0) ++end;
      uint32_t room = at;
      while (room < end && (marks_[room] & kLong) == 0) ++room;
      blocks.push_back(
          {.begin = at, .end = end, .goes_on = true, .room_for_jump = room});
      at = end;
    }
    const auto entered = Entered();
    for (FlowBlock& block : blocks) {
      if (next_end == ends_.size() || ends_[next_end].offset != block.end) {
        continue;
      }
      const End& end = ends_[next_end++];
      block.goes_on = end.flow == Flow::kConditional;
      if (end.inside) {
        block.jumps.push_back(static_cast<uint32_t>(flow_.BlockAt(end.target)));
      } else if (end.flow == Flow::kIndirectJump && !entered.empty()) {
        block.jumps = entered;
      } else if (end.flow != Flow::kStop) {
        block.leaves = true;
      }
    }
    blocks.back().goes_on = false;
  }

  // The blocks of `entries_`, each once.
  std::vector<uint32_t> Entered() const {
    std::vector<uint32_t> numbers;
    for (const uint32_t entry : entries_) {
      numbers.push_back(static_cast<uint32_t>(flow_.BlockAt(entry)));
    }
    std::ranges::sort(numbers);
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    return numbers;
  }

  DecodeFunction* decode_;
  const size_t jump_size_;
  std::span<const std::byte> code_;
  std::span<const uint32_t> entries_;
  std::vector<uint8_t> marks_;  // By offset.
  std::vector<End> ends_;       // Ascending.
  FunctionFlow flow_;
};

}  // namespace

size_t FunctionFlow::BlockAt(uint32_t offset) const {
  const auto after =
      std::ranges::upper_bound(blocks, offset, {}, &FlowBlock::begin);
  return static_cast<size_t>(after - blocks.begin()) - 1;
}

std::optional<FunctionFlow> ReadFlow(const Target& target,
                                     std::span<const std::byte> code,
                                     std::span<const uint32_t> entries) {
  return FlowReader(target, code, entries).Read();
}

}  // namespace relink
