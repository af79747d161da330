// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_ORDERING_SHUFFLE_H_
#define RELINK_PASSES_ORDERING_SHUFFLE_H_

#include <cstdint>
#include <vector>

#include "relink/ir/section.h"

namespace relink {

// Brings `sections` into one of all orders, each as likely as the others as far
// as 64 bits of seed reach. The same on every machine.
void Shuffle(uint64_t seed, std::vector<SectionId>& sections);

}  // namespace relink

#endif  // RELINK_PASSES_ORDERING_SHUFFLE_H_
