// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_PART_FRAMES_H_
#define RELINK_SCAN_PART_FRAMES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "relink/support/byte_view.h"

namespace relink {

// Call frame instructions of one record (DWARF 5, section 6.4).
struct FrameCode {
  ByteView instructions;
  uint64_t alignment = 1;  // Bytes that one unit of an advance is.
};

// Appends to `out` what `frame` says of a part of its code, from `begin` to
// before `end`, both in bytes from where the code begins: all that leads to the
// state at `begin`, without advancing, and what changes that from there on.
// False, with `out` changed, if an instruction is not understood, or `begin` is
// no whole unit.
bool AppendFrameOfPart(const FrameCode& frame, uint64_t begin, uint64_t end,
                       std::vector<std::byte>& out);

}  // namespace relink

#endif  // RELINK_SCAN_PART_FRAMES_H_
