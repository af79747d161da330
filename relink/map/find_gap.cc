// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/map/find_gap.h"

#include <cstdint>
#include <span>

namespace relink {
namespace {

const RuntimeRange* FindOverlap(RuntimeRange wanted,
                                std::span<const RuntimeRange> taken) {
  for (const RuntimeRange& range : taken) {
    if (wanted.begin < range.end() && range.begin < wanted.end()) {
      return &range;
    }
  }
  return nullptr;
}

Result<RuntimeRange> FindGapFrom(RuntimeAddr start, RuntimeRange space,
                                 std::span<const RuntimeRange> taken,
                                 const MappingBackend::Request& request) {
  RuntimeAddr begin = start;
  while (true) {
    RuntimeAddr aligned(AlignUp(begin.value(), request.alignment));
    RuntimeRange gap{aligned, request.size};
    // AlignUp may have wrapped to 0.
    if (aligned < begin || !space.Contains(gap)) {
      return Error{ErrorCode::kExhausted, "no gap of this size", request.size};
    }
    const RuntimeRange* overlap = FindOverlap(gap, taken);
    if (overlap == nullptr) return gap;
    begin = overlap->end();
  }
}

}  // namespace

Result<RuntimeRange> FindGap(RuntimeRange space,
                             std::span<const RuntimeRange> taken,
                             const MappingBackend::Request& request) {
  if (request.fixed) {
    RuntimeRange wanted{request.address, request.size};
    if (!space.Contains(wanted)) {
      return Error{ErrorCode::kMismatch, "fixed address is outside the memory",
                   request.address.value()};
    }
    if (FindOverlap(wanted, taken) != nullptr) {
      return Error{ErrorCode::kMismatch, "fixed address is taken",
                   request.address.value()};
    }
    return wanted;
  }
  if (space.Contains(request.address)) {
    auto hinted = FindGapFrom(request.address, space, taken, request);
    if (hinted.ok()) return hinted;
  }
  return FindGapFrom(space.begin, space, taken, request);
}

}  // namespace relink
