// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ARCH_OBJECT_RELOCATION_H_
#define RELINK_ARCH_OBJECT_RELOCATION_H_

#include <cstdint>

namespace relink {

// What a relocation in an object file wants its value computed from.
enum class Asks : uint8_t {
  kNothing,
  kSymbol,            // The symbol itself.
  kSlot,              // A word of the GOT with its address.
  kSlotOffset,        // The distance of that from the GOT; a constant.
  kGot,               // The GOT.
  kSize,              // The symbol's size; a constant.
  kBlockOffset,       // Where in its TLS block it is; a constant.
  kThreadSlot,        // A word with its distance from the thread pointer.
  kThreadIndex,       // Two words: its module, and where in the block it is.
  kModuleIndex,       // Two words: this module, and 0.
  kThreadDescriptor,  // Two words: a function and its argument.
};

// A type of relocation in object files: a row of an architecture's table.
struct ObjectRelocation {
  uint32_t r_type = 0;
  const char* name = "unknown";
  Asks asks = Asks::kNothing;
  // The r_type of the rule by which the value is computed from that, or, for a
  // constant, stored.
  uint32_t rule = 0;
};

}  // namespace relink

#endif  // RELINK_ARCH_OBJECT_RELOCATION_H_
