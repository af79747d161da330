// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_MAP_FAILING_BACKEND_H_
#define RELINK_MAP_FAILING_BACKEND_H_

#include <cstddef>
#include <cstdint>

#include "relink/map/mapping_backend.h"
#include "relink/support/address.h"
#include "relink/support/result.h"

namespace relink {

// Another backend, except that one call fails. A fault-injection test makes
// call 1, then 2, ... fail until the load succeeds, and looks each time that
// nothing stayed reserved. Not for several threads at once.
class FailingBackend final : public MappingBackend {
 public:
  // Fails call `failing_call`, the first being 1, with kExhausted; 0 fails
  // none. Releases do not count. `backend` must outlive this one.
  explicit FailingBackend(MappingBackend& backend, uint64_t failing_call = 0)
      : backend_(backend), failing_call_(failing_call) {}

  // Calls made so far, the failed one included.
  uint64_t call_count() const { return call_count_; }
  // True once the chosen call was made.
  bool has_failed() const {
    return failing_call_ != 0 && call_count_ >= failing_call_;
  }
  size_t live_reservations() const { return live_reservations_; }

  uint64_t page_size() const override { return backend_.page_size(); }
  Result<RuntimeRange> Reserve(const Request& request) override;
  Result<void> MapFile(RuntimeRange pages, FileHandle file, FileOffset offset,
                       Protection protection) override;
  Result<void> MapZero(RuntimeRange pages) override;
  Result<void> Protect(RuntimeRange pages, Protection protection) override;
  void Release(RuntimeRange reservation) override;
  std::byte* Bytes(RuntimeAddr address) override {
    return backend_.Bytes(address);
  }
  bool runs_here() const override { return backend_.runs_here(); }

 private:
  // Counts a call; its error if it is the one to fail.
  Result<void> CountCall();

  MappingBackend& backend_;
  uint64_t failing_call_;
  uint64_t call_count_ = 0;
  size_t live_reservations_ = 0;
};

}  // namespace relink

#endif  // RELINK_MAP_FAILING_BACKEND_H_
