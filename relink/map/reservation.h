// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_MAP_RESERVATION_H_
#define RELINK_MAP_RESERVATION_H_

#include <utility>

#include "relink/map/mapping_backend.h"
#include "relink/support/address.h"
#include "relink/support/result.h"

namespace relink {

// Owns one reservation and gives it back when destroyed. Freestanding.
//
// An empty one, default made or moved from, owns nothing and has an empty
// range.
class Reservation {
 public:
  // `backend` must outlive the reservation. Errors are the backend's.
  static Result<Reservation> Make(MappingBackend& backend,
                                  const MappingBackend::Request& request) {
    RELINK_TRY_ASSIGN(RuntimeRange range, backend.Reserve(request));
    return Reservation(backend, range);
  }

  Reservation() = default;
  Reservation(Reservation&& other) noexcept
      : backend_(std::exchange(other.backend_, nullptr)),
        range_(std::exchange(other.range_, RuntimeRange())),
        retire_(other.retire_) {}
  Reservation& operator=(Reservation&& other) noexcept {
    Reservation moved(std::move(other));
    std::swap(backend_, moved.backend_);
    std::swap(range_, moved.range_);
    std::swap(retire_, moved.retire_);
    return *this;
  }
  ~Reservation() {
    if (backend_ == nullptr) return;
    if (retire_) {
      backend_->Retire(range_);
    } else {
      backend_->Release(range_);
    }
  }

  // The backend may keep the memory once this is destroyed: see
  // MappingBackend::Retire for when that is right.
  void Retire() { retire_ = true; }

  bool has_value() const { return backend_ != nullptr; }
  RuntimeRange range() const { return range_; }
  // REQUIRES: has_value().
  MappingBackend& backend() const { return *backend_; }

 private:
  Reservation(MappingBackend& backend, RuntimeRange range)
      : backend_(&backend), range_(range) {}

  MappingBackend* backend_ = nullptr;
  RuntimeRange range_;
  bool retire_ = false;
};

}  // namespace relink

#endif  // RELINK_MAP_RESERVATION_H_
