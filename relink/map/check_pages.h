// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_MAP_CHECK_PAGES_H_
#define RELINK_MAP_CHECK_PAGES_H_

#include <cstdint>

#include "relink/map/mapping_backend.h"
#include "relink/support/address.h"
#include "relink/support/result.h"

namespace relink {

// What MappingBackend demands of its callers, for backends to check.
//
// kInternal: the caller broke the interface. kExhausted: no address space is
// that large.

// std::has_single_bit may become a call into the compiler's library.
constexpr bool IsPowerOfTwo(uint64_t value) {
  return value != 0 && (value & (value - 1)) == 0;
}

inline Result<void> CheckRequest(const MappingBackend::Request& request,
                                 uint64_t page_size) {
  if (request.size == 0 || request.size % page_size != 0) {
    return Error{ErrorCode::kInternal, "reservation is not whole pages",
                 request.size};
  }
  if (!IsPowerOfTwo(request.alignment) || request.alignment < page_size) {
    return Error{ErrorCode::kInternal,
                 "alignment is not a power of two of at least a page",
                 request.alignment};
  }
  if (request.fixed && request.address.value() % request.alignment != 0) {
    return Error{ErrorCode::kInternal, "fixed address is not aligned",
                 request.address.value()};
  }
  if (request.size > UINT64_MAX - request.alignment ||
      (request.fixed && request.size > UINT64_MAX - request.address.value())) {
    return Error{ErrorCode::kExhausted,
                 "reservation is larger than the address space", request.size};
  }
  return {};
}

inline Result<void> CheckPages(RuntimeRange pages, uint64_t page_size) {
  if (pages.size == 0 || pages.size % page_size != 0 ||
      pages.begin.value() % page_size != 0 ||
      pages.size > UINT64_MAX - pages.begin.value()) {
    return Error{ErrorCode::kInternal, "range is not whole pages",
                 pages.begin.value()};
  }
  return {};
}

inline Result<void> CheckFilePages(RuntimeRange pages, FileOffset offset,
                                   uint64_t page_size) {
  RELINK_TRY(CheckPages(pages, page_size));
  if (offset.value() % page_size != 0 ||
      pages.size > UINT64_MAX - offset.value()) {
    return Error{ErrorCode::kInternal, "file range is not whole pages",
                 offset.value()};
  }
  return {};
}

}  // namespace relink

#endif  // RELINK_MAP_CHECK_PAGES_H_
