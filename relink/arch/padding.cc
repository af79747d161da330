// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/arch/padding.h"

#include "relink/arch/instruction.h"

namespace relink {

Padding PaddingOf(const Target& target, std::span<const std::byte> bytes) {
  Padding padding = Padding::kNops;
  while (!bytes.empty()) {
    size_t length = 1;
    Instruction instruction;
    if (bytes[0] == std::byte{0}) {
      padding = Padding::kFiller;
    } else if (target.decode == nullptr ||
               !target.decode(bytes, &instruction)) {
      return Padding::kNone;
    } else if (instruction.operation == Operation::kNop) {
      length = instruction.length;
    } else if (instruction.flow == Flow::kStop && instruction.length == 1) {
      padding = Padding::kFiller;
    } else {
      return Padding::kNone;
    }
    bytes = bytes.subspan(length);
  }
  return padding;
}

}  // namespace relink
