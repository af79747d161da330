// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_MAP_RECYCLING_BACKEND_H_
#define RELINK_MAP_RECYCLING_BACKEND_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "relink/map/mapping_backend.h"
#include "relink/support/address.h"
#include "relink/support/result.h"

namespace relink {

// Another backend, except that small reservations that are retired stay mapped,
// writable and never executable, for the next one that fits. A small module
// that is loaded again then costs no page fault and no new mapping, and its
// pages' protections change without the kernel splitting and merging mappings:
// most of the time of a load. What is released instead of retired, as by a load
// that failed, leaves nothing behind.
//
// Freestanding. Any number of threads may use one if they may use the other
// backend.
class RecyclingBackend final : public MappingBackend {
 public:
  // It keeps at most so many reservations, each of at most so many pages.
  static constexpr size_t kSlots = 8;
  static constexpr uint64_t kMaxPages = 32;

  // `backend` must outlive this, and this all that is reserved through it.
  explicit RecyclingBackend(MappingBackend& backend) : backend_(backend) {}
  ~RecyclingBackend();
  RecyclingBackend(const RecyclingBackend&) = delete;
  RecyclingBackend& operator=(const RecyclingBackend&) = delete;

  // Bytes that wait for a reservation.
  uint64_t kept_bytes() const;

  uint64_t page_size() const override { return backend_.page_size(); }
  Result<RuntimeRange> Reserve(const Request& request) override;
  Result<void> MapFile(RuntimeRange pages, FileHandle file, FileOffset offset,
                       Protection protection) override {
    return backend_.MapFile(pages, file, offset, protection);
  }
  Result<void> MapZero(RuntimeRange pages) override {
    return backend_.MapZero(pages);
  }
  Result<void> Protect(RuntimeRange pages, Protection protection) override {
    return backend_.Protect(pages, protection);
  }
  void Prefault(RuntimeRange pages, bool write) override {
    backend_.Prefault(pages, write);
  }
  void UseHugePages(RuntimeRange pages) override {
    backend_.UseHugePages(pages);
  }
  void ExpectProtectionChanges(RuntimeRange pages) override {
    backend_.ExpectProtectionChanges(pages);
  }
  void Release(RuntimeRange reservation) override;
  void Retire(RuntimeRange reservation) override;
  std::byte* Bytes(RuntimeAddr address) override {
    return backend_.Bytes(address);
  }
  bool runs_here() const override { return backend_.runs_here(); }

 private:
  // Memory that is kept for ever once `state` has been kFree.
  struct Slot {
    enum State : uint8_t { kEmpty, kFilling, kFree, kInUse };
    std::atomic<State> state = kEmpty;
    RuntimeRange memory;  // Written before the first kFree, then constant.
  };

  bool Small(uint64_t size) const { return size <= kMaxPages * page_size(); }
  // The smallest free slot of at least `size` bytes, now in use; null if none.
  Slot* Take(uint64_t size);
  // The slot in use that serves `reservation`; null if it has none.
  Slot* Find(RuntimeRange reservation);
  void GiveBack(RuntimeRange reservation, Slot& slot);

  MappingBackend& backend_;
  std::array<Slot, kSlots> slots_;
};

}  // namespace relink

#endif  // RELINK_MAP_RECYCLING_BACKEND_H_
