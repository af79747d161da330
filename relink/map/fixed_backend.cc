// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/map/fixed_backend.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "relink/map/check_pages.h"
#include "relink/map/find_gap.h"

namespace relink {
namespace {

uint64_t Smaller(uint64_t a, uint64_t b) { return a < b ? a : b; }

}  // namespace

FixedBackend::FixedBackend(const Memory& memory, ReadFile read_file,
                           void* read_context)
    : page_size_(memory.page_size),
      read_file_(read_file),
      read_context_(read_context) {
  const uint64_t address = memory.address.value();
  const uint64_t begin = AlignUp(address, page_size_);
  const uint64_t end = AlignDown(
      address + Smaller(memory.bytes.size(), UINT64_MAX - address), page_size_);
  if (begin < address || begin >= end) return;
  const uint64_t page_count =
      Smaller((end - begin) / page_size_, memory.protections.size());
  usable_ = {RuntimeAddr(begin), page_count * page_size_};
  bytes_ = memory.bytes.data() + (begin - address);
  protections_ = memory.protections.first(page_count);
  SetProtection(usable_, Protection::kNone);
}

Protection FixedBackend::ProtectionAt(RuntimeAddr address) const {
  if (!usable_.Contains(address)) return Protection::kNone;
  return protections_[PageIndex(address)];
}

Result<RuntimeRange> FixedBackend::Reserve(const Request& request) {
  RELINK_TRY(CheckRequest(request, page_size_));
  if (reservation_count_ == kMaxReservations) {
    return Error{ErrorCode::kExhausted, "table of reservations is full",
                 reservation_count_};
  }
  RELINK_TRY_ASSIGN(RuntimeRange range,
                    FindGap(usable_, reservations(), request));
  reservations_[reservation_count_++] = range;
  SetProtection(range, request.initial);
  if (request.initial != Protection::kNone) {
    std::memset(Bytes(range.begin), 0, range.size);
  }
  return range;
}

Result<void> FixedBackend::MapFile(RuntimeRange pages, FileHandle file,
                                   FileOffset offset, Protection protection) {
  RELINK_TRY(CheckFilePages(pages, offset, page_size_));
  RELINK_TRY(CheckReserved(pages));
  if (read_file_ == nullptr) {
    return Error{ErrorCode::kUnsupported, "fixed memory cannot read files",
                 pages.begin.value()};
  }
  std::span<std::byte> into(Bytes(pages.begin), pages.size);
  RELINK_TRY_ASSIGN(uint64_t count,
                    read_file_(read_context_, file, offset, into));
  std::span<std::byte> rest = into.subspan(Smaller(count, into.size()));
  if (!rest.empty()) std::memset(rest.data(), 0, rest.size());
  SetProtection(pages, protection);
  return {};
}

Result<void> FixedBackend::MapZero(RuntimeRange pages) {
  RELINK_TRY(CheckPages(pages, page_size_));
  RELINK_TRY(CheckReserved(pages));
  std::memset(Bytes(pages.begin), 0, pages.size);
  SetProtection(pages, Protection::kReadWrite);
  return {};
}

Result<void> FixedBackend::Protect(RuntimeRange pages, Protection protection) {
  RELINK_TRY(CheckPages(pages, page_size_));
  RELINK_TRY(CheckReserved(pages));
  SetProtection(pages, protection);
  return {};
}

void FixedBackend::Release(RuntimeRange reservation) {
  for (size_t i = 0; i < reservation_count_; ++i) {
    if (reservations_[i] != reservation) continue;
    reservations_[i] = reservations_[--reservation_count_];
    SetProtection(reservation, Protection::kNone);
    return;
  }
}

std::byte* FixedBackend::Bytes(RuntimeAddr address) {
  return bytes_ + (address - usable_.begin);
}

Result<void> FixedBackend::CheckReserved(RuntimeRange pages) const {
  for (const RuntimeRange& reservation : reservations()) {
    if (reservation.Contains(pages)) return {};
  }
  return Error{ErrorCode::kInternal, "range is not in one reservation",
               pages.begin.value()};
}

void FixedBackend::SetProtection(RuntimeRange pages, Protection protection) {
  for (Protection& page :
       protections_.subspan(PageIndex(pages.begin), pages.size / page_size_)) {
    page = protection;
  }
}

uint64_t FixedBackend::PageIndex(RuntimeAddr address) const {
  return static_cast<uint64_t>(address - usable_.begin) / page_size_;
}

}  // namespace relink
