// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/map/failing_backend.h"

#include <cerrno>

namespace relink {

Result<RuntimeRange> FailingBackend::Reserve(const Request& request) {
  RELINK_TRY(CountCall());
  auto range = backend_.Reserve(request);
  if (range.ok()) ++live_reservations_;
  return range;
}

Result<void> FailingBackend::MapFile(RuntimeRange pages, FileHandle file,
                                     FileOffset offset, Protection protection) {
  RELINK_TRY(CountCall());
  return backend_.MapFile(pages, file, offset, protection);
}

Result<void> FailingBackend::MapZero(RuntimeRange pages) {
  RELINK_TRY(CountCall());
  return backend_.MapZero(pages);
}

Result<void> FailingBackend::Protect(RuntimeRange pages,
                                     Protection protection) {
  RELINK_TRY(CountCall());
  return backend_.Protect(pages, protection);
}

void FailingBackend::Release(RuntimeRange reservation) {
  --live_reservations_;
  backend_.Release(reservation);
}

Result<void> FailingBackend::CountCall() {
  if (++call_count_ != failing_call_) return {};
  return Error{ErrorCode::kExhausted, "injected failure", failing_call_,
               ENOMEM};
}

}  // namespace relink
