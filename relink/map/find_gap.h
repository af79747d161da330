// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_MAP_FIND_GAP_H_
#define RELINK_MAP_FIND_GAP_H_

#include <span>

#include "relink/map/mapping_backend.h"
#include "relink/support/address.h"
#include "relink/support/result.h"

namespace relink {

// Where in `space` a checked `request` fits beside the `taken` ranges, which
// stand in any order: the lowest place from the wanted address on, else the
// lowest of all.
//
// kExhausted: nowhere. kMismatch: the fixed address is taken, or outside of
// `space`.
Result<RuntimeRange> FindGap(RuntimeRange space,
                             std::span<const RuntimeRange> taken,
                             const MappingBackend::Request& request);

}  // namespace relink

#endif  // RELINK_MAP_FIND_GAP_H_
