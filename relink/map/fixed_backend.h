// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_MAP_FIXED_BACKEND_H_
#define RELINK_MAP_FIXED_BACKEND_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "relink/map/mapping_backend.h"
#include "relink/support/address.h"
#include "relink/support/result.h"

namespace relink {

// Memory that the caller owns, which the target sees at another address: a
// kernel's, a board's, or an image being built for another machine.
//
// Asks nobody for anything. Protections are only written down, for the embedder
// to program its MMU from. Not for several threads at once.
class FixedBackend final : public MappingBackend {
 public:
  struct Memory {
    std::span<std::byte> bytes{};
    // Where the target sees bytes[0]. A part of a page at either end of the
    // memory goes unused.
    RuntimeAddr address{};
    // One for each page of `bytes`, contents ignored; pages beyond its end go
    // unused.
    std::span<Protection> protections{};
    uint64_t page_size = 4096;  // A power of two.
  };

  // Fills `into` from `offset` of a file and returns how many bytes the file
  // had there: fewer only at its end.
  using ReadFile = Result<uint64_t> (*)(void* context, FileHandle file,
                                        FileOffset offset,
                                        std::span<std::byte> into);

  // As many as fit an embedder's need without a heap.
  static constexpr size_t kMaxReservations = 64;

  // What `memory` spans must outlive the backend. Without `read_file` MapFile
  // is kUnsupported.
  explicit FixedBackend(const Memory& memory, ReadFile read_file = nullptr,
                        void* read_context = nullptr);

  // kNone for an address outside of the memory.
  Protection ProtectionAt(RuntimeAddr address) const;

  // The pages that can be reserved.
  RuntimeRange usable() const { return usable_; }
  // The live reservations, in no order.
  std::span<const RuntimeRange> reservations() const {
    return {reservations_, reservation_count_};
  }

  uint64_t page_size() const override { return page_size_; }
  // kMismatch also when a fixed address is outside of the memory.
  Result<RuntimeRange> Reserve(const Request& request) override;
  Result<void> MapFile(RuntimeRange pages, FileHandle file, FileOffset offset,
                       Protection protection) override;
  Result<void> MapZero(RuntimeRange pages) override;
  Result<void> Protect(RuntimeRange pages, Protection protection) override;
  void Release(RuntimeRange reservation) override;
  std::byte* Bytes(RuntimeAddr address) override;
  bool runs_here() const override { return false; }

 private:
  Result<void> CheckReserved(RuntimeRange pages) const;
  void SetProtection(RuntimeRange pages, Protection protection);
  uint64_t PageIndex(RuntimeAddr address) const;

  uint64_t page_size_;
  RuntimeRange usable_;
  std::byte* bytes_ = nullptr;  // Those of usable_.
  std::span<Protection> protections_;
  ReadFile read_file_;
  void* read_context_;
  RuntimeRange reservations_[kMaxReservations];
  size_t reservation_count_ = 0;
};

}  // namespace relink

#endif  // RELINK_MAP_FIXED_BACKEND_H_
