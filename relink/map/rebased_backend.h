// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_MAP_REBASED_BACKEND_H_
#define RELINK_MAP_REBASED_BACKEND_H_

#include <cstddef>
#include <cstdint>

#include "relink/map/mapping_backend.h"
#include "relink/support/address.h"
#include "relink/support/result.h"

namespace relink {

// Memory of another backend, wherever that has it, for an image at the address
// that was asked for, 0 as well: one that will be written to a file and never
// runs from here. Nothing of it becomes executable.
//
// Freestanding. Has one reservation at a time; not for several threads at once.
class RebasedBackend final : public MappingBackend {
 public:
  // `backend` must outlive this.
  explicit RebasedBackend(MappingBackend& backend) : backend_(backend) {}

  uint64_t page_size() const override { return backend_.page_size(); }
  // kExhausted also if there is a reservation already.
  Result<RuntimeRange> Reserve(const Request& request) override;
  Result<void> MapFile(RuntimeRange pages, FileHandle file, FileOffset offset,
                       Protection protection) override {
    return backend_.MapFile(InMemory(pages), file, offset, Allowed(protection));
  }
  Result<void> MapZero(RuntimeRange pages) override {
    return backend_.MapZero(InMemory(pages));
  }
  Result<void> Protect(RuntimeRange pages, Protection protection) override {
    return backend_.Protect(InMemory(pages), Allowed(protection));
  }
  void Release(RuntimeRange reservation) override;
  std::byte* Bytes(RuntimeAddr address) override {
    return backend_.Bytes(address + distance_);
  }
  bool runs_here() const override { return false; }

 private:
  RuntimeRange InMemory(RuntimeRange pages) const {
    return {pages.begin + distance_, pages.size};
  }
  static Protection Allowed(Protection protection) {
    return protection == Protection::kReadExecute ? Protection::kRead
                                                  : protection;
  }

  MappingBackend& backend_;
  RuntimeRange reservation_;  // Empty if there is none.
  uint64_t distance_ = 0;     // From the image's addresses to memory's.
};

}  // namespace relink

#endif  // RELINK_MAP_REBASED_BACKEND_H_
