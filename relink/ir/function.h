// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_IR_FUNCTION_H_
#define RELINK_IR_FUNCTION_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "relink/support/address.h"

namespace relink {

// A function as decoding its module found it: what split-functions makes a
// section of. Functions of a module do not overlap.
struct Function {
  LinkRange range;
  absl::string_view name;  // Empty if no symbol names it.
  LinkRange fde;           // Its record in .eh_frame; empty if none.
  // Why it must stay where it is, empty if it may move, and the instruction or
  // place that is the reason, if any.
  absl::string_view pinned;
  LinkAddr pinned_at;
  // Its last instruction does not end the flow of control: behind it must
  // follow what follows it now.
  bool falls_through = false;
  // Code that is not in the graph may take its address: its copy cannot stand
  // for it where an address is taken.
  bool address_kept = false;
  // Code that is not in the graph may call it.
  bool reached = false;
  // Nothing enters it where a jump at its beginning would be, but for there.
  bool can_lead = false;
  // It jumps to where a register says, by data that is not understood: a copy
  // would go on in the original.
  bool jumps_back = false;

  // Only the first reason counts.
  void Pin(absl::string_view reason, LinkAddr at) {
    if (!pinned.empty()) return;
    pinned = reason;
    pinned_at = at;
  }
};

// A switch's table in read-only data: words of four bytes, each the distance
// from the beginning of the table to a place in its function.
struct JumpTable {
  LinkRange range;
  uint32_t function = 0;  // Index of the one that uses it.
  // The PC-relative field of the instruction that has the table's address.
  LinkAddr reference;
};

}  // namespace relink

#endif  // RELINK_IR_FUNCTION_H_
