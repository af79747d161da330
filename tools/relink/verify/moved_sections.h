// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_VERIFY_MOVED_SECTIONS_H_
#define RELINK_TOOLS_RELINK_VERIFY_MOVED_SECTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "relink/runtime/live_image.h"
#include "relink/support/address.h"

namespace relink::tools {

// What became of the sections that passes moved.
struct MovedSections {
  uint64_t functions = 0;   // Placed elsewhere.
  uint64_t references = 0;  // In them and to them, that lead where they should.
  uint64_t exports = 0;     // Functions that are found by name where they went.
  // Sites that stayed, and whose values lead to what moved; ascending.
  std::vector<LinkRange> redirected;
  std::vector<std::string> disagreements;
};

// Compares what passes moved of the root of `ours` with ld.so's copy of the
// file, which is `host_bias` from its link addresses: bytes must be equal but
// for the fields of fixups, and what each field refers to must be where the
// address map has what ld.so's copy refers to.
MovedSections CompareMovedSections(const BoundImage& ours, uint64_t host_bias);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_VERIFY_MOVED_SECTIONS_H_
