// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_GRAPH_HOT_PARTS_H_
#define RELINK_PASSES_GRAPH_HOT_PARTS_H_

#include <cstdint>
#include <vector>

#include "passes/graph/function_flow.h"

namespace relink {

// A piece of a function that goes to one place.
struct FunctionPart {
  uint32_t begin = 0;
  uint32_t end = 0;
  bool hot = false;
  bool goes_on = false;  // At its end, into the next part.
  // Its original can become a jump to it, and what is cold leads there.
  bool leads = false;
  // Branches, by number, from here to other parts.
  std::vector<uint32_t> leaving = {};
};

// Cuts a function where what runs (`hot`, by block) meets what does not, and
//   - behind each short branch of a hot part that leads to another part: there
//   it
//     can be given a long form without anything else in the part changing its
//     place;
//   - where what is cold comes back to what is hot, at the first instruction
//     that leaves room for a jump.
// Empty if nothing is cold, or a short branch without a long form would have to
// be one.
std::vector<FunctionPart> CutHotParts(const FunctionFlow& flow,
                                      const std::vector<bool>& hot);

}  // namespace relink

#endif  // RELINK_PASSES_GRAPH_HOT_PARTS_H_
