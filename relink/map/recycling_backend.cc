// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/map/recycling_backend.h"

#include "relink/map/check_pages.h"

namespace relink {

RecyclingBackend::~RecyclingBackend() {
  for (Slot& slot : slots_) {
    if (slot.state == Slot::kFree) backend_.Release(slot.memory);
  }
}

uint64_t RecyclingBackend::kept_bytes() const {
  uint64_t bytes = 0;
  for (const Slot& slot : slots_) {
    if (slot.state == Slot::kFree) bytes += slot.memory.size;
  }
  return bytes;
}

RecyclingBackend::Slot* RecyclingBackend::Take(uint64_t size) {
  for (;;) {
    Slot* best = nullptr;
    for (Slot& slot : slots_) {
      if (slot.state != Slot::kFree || slot.memory.size < size) continue;
      if (best == nullptr || slot.memory.size < best->memory.size) {
        best = &slot;
      }
    }
    if (best == nullptr) return nullptr;
    Slot::State expected = Slot::kFree;
    if (best->state.compare_exchange_strong(expected, Slot::kInUse)) {
      return best;
    }
  }
}

RecyclingBackend::Slot* RecyclingBackend::Find(RuntimeRange reservation) {
  for (Slot& slot : slots_) {
    if (slot.state == Slot::kInUse && slot.memory.begin == reservation.begin) {
      return &slot;
    }
  }
  return nullptr;
}

Result<RuntimeRange> RecyclingBackend::Reserve(const Request& request) {
  RELINK_TRY(CheckRequest(request, page_size()));
  if (request.initial == Protection::kReadWrite &&
      request.address == RuntimeAddr() && request.alignment == page_size() &&
      Small(request.size)) {
    if (Slot* slot = Take(request.size)) {
      // Not std::memset, which takes a C library.
      __builtin_memset(backend_.Bytes(slot->memory.begin), 0, request.size);
      return RuntimeRange{slot->memory.begin, request.size};
    }
  }
  return backend_.Reserve(request);
}

void RecyclingBackend::GiveBack(RuntimeRange reservation, Slot& slot) {
  // What the kernel does not make writable again stays in use for ever.
  if (!backend_.Protect(reservation, Protection::kReadWrite).ok()) return;
  slot.state = Slot::kFree;
}

void RecyclingBackend::Release(RuntimeRange reservation) {
  if (Slot* slot = Find(reservation)) {
    GiveBack(reservation, *slot);
  } else {
    backend_.Release(reservation);
  }
}

void RecyclingBackend::Retire(RuntimeRange reservation) {
  if (Slot* slot = Find(reservation)) return GiveBack(reservation, *slot);
  if (Small(reservation.size)) {
    for (Slot& slot : slots_) {
      Slot::State expected = Slot::kEmpty;
      if (!slot.state.compare_exchange_strong(expected, Slot::kFilling)) {
        continue;
      }
      slot.memory = reservation;
      slot.state = Slot::kInUse;
      backend_.ExpectProtectionChanges(reservation);
      return GiveBack(reservation, slot);
    }
  }
  backend_.Release(reservation);
}

}  // namespace relink
