// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/map/rebased_backend.h"

#include "relink/map/check_pages.h"

namespace relink {

Result<RuntimeRange> RebasedBackend::Reserve(const Request& request) {
  if (reservation_.size != 0) {
    return Error{ErrorCode::kExhausted, "there is a reservation already",
                 reservation_.begin.value()};
  }
  Request there = request;
  there.fixed = true;
  RELINK_TRY(CheckRequest(there, page_size()));
  Request here = request;
  here.address = RuntimeAddr();
  here.fixed = false;
  RELINK_TRY_ASSIGN(const RuntimeRange memory, backend_.Reserve(here));
  distance_ = memory.begin.value() - request.address.value();
  reservation_ = {request.address, memory.size};
  return reservation_;
}

void RebasedBackend::Release(RuntimeRange reservation) {
  backend_.Release(InMemory(reservation));
  reservation_ = RuntimeRange();
}

}  // namespace relink
