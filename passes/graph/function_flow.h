// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_GRAPH_FUNCTION_FLOW_H_
#define RELINK_PASSES_GRAPH_FUNCTION_FLOW_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "relink/arch/target.h"

namespace relink {

// An instruction that jumps, or may, or calls: to where its bytes say.
struct FlowBranch {
  uint32_t offset = 0;  // Of the instruction, in the function.
  uint8_t length = 0;
  uint8_t opcode_offset = 0;
  uint8_t field_offset = 0;
  uint8_t field_size = 0;
  // The low four bits of the opcode of jcc; kNoCondition of one that always
  // jumps, and of one that has only a short form.
  uint8_t condition = kNoCondition;
  bool conditional = false;
  uint32_t target = 0;  // In the function.

  uint32_t end() const { return offset + length; }
  // Whether it reaches 127 bytes, and no instruction of its kind further.
  bool always_short() const { return conditional && condition == kNoCondition; }
};

// Instructions that run one after the other.
struct FlowBlock {
  uint32_t begin = 0;
  uint32_t end = 0;
  // Behind its last instruction another may run: the beginning of the next
  // block.
  bool goes_on = false;
  // Control leaves the function at its end: by returning, or by a jump to
  // another function.
  bool leaves = false;
  // Its first instruction that is as long as Target::jump: one can be put in
  // its place that nothing enters but at its beginning. `end` if there is none.
  uint32_t room_for_jump = 0;
  // Where else it goes on: blocks, by number.
  std::vector<uint32_t> jumps = {};
};

// The flow of control inside of a function.
struct FunctionFlow {
  std::vector<FlowBlock> blocks;     // Ascending; cover the function.
  std::vector<FlowBranch> branches;  // Those inside of it, ascending.

  size_t BlockAt(uint32_t offset) const;
};

// Reads it off the code. `entries` are the offsets, in any order, where jumps
// may lead that go to where a register says. Nothing if an instruction is not
// understood or a branch leads into the middle of one. Takes time in proportion
// to the code. Nothing, too, if the function takes an address of its own, other
// than that of its beginning.
std::optional<FunctionFlow> ReadFlow(const Target& target,
                                     std::span<const std::byte> code,
                                     std::span<const uint32_t> entries);

}  // namespace relink

#endif  // RELINK_PASSES_GRAPH_FUNCTION_FLOW_H_
