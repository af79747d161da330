// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_IR_FIXUP_H_
#define RELINK_IR_FIXUP_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "relink/arch/relocation_rule.h"
#include "relink/support/id.h"

namespace relink {

using SymbolId = Id<struct SymbolTag>;

// How a reference came to be known.
enum class FixupOrigin : uint8_t {
  kDynamic,    // An entry of a dynamic relocation table, which applies it.
  kRetained,   // A relocation that the static linker was asked to keep.
  kRecovered,  // Read off the decoded instruction or the jump table.
  kMade,       // By Relink: in a section that no file has.
};

// One reference: the place in its section that holds a value computed from a
// symbol by `rule`. What is stored there now is the value for the addresses in
// the file.
struct Fixup {
  // Of the place, from the beginning of its section. No section that is opened
  // is larger than a GiB.
  uint32_t offset : 30 = 0;
  FixupOrigin origin : 2 = FixupOrigin::kRecovered;
  SymbolId target;
  // A row of the table of the module's target.
  const RelocationRule* rule = nullptr;
  // For a PC-relative rule, includes the distance from the place to the end of
  // its instruction, as in a relocation table.
  int64_t addend = 0;
};
static_assert(sizeof(Fixup) == 24);

absl::string_view Name(FixupOrigin origin);

}  // namespace relink

#endif  // RELINK_IR_FIXUP_H_
