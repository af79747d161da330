// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ARCH_PADDING_H_
#define RELINK_ARCH_PADDING_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "relink/arch/target.h"

namespace relink {

// What linkers and assemblers fill gaps in code with.
enum class Padding : uint8_t {
  kNone,    // Something else: code, or data.
  kNops,    // What runs into it goes on behind it.
  kFiller,  // Zeros and traps, which nothing runs into, perhaps with nops.
};

// What `bytes` are; kNops if there are none.
Padding PaddingOf(const Target& target, std::span<const std::byte> bytes);

}  // namespace relink

#endif  // RELINK_ARCH_PADDING_H_
