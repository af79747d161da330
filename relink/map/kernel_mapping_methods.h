// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_MAP_KERNEL_MAPPING_METHODS_H_
#define RELINK_MAP_KERNEL_MAPPING_METHODS_H_

// The bodies of kernel_mapping.h: included by the .cc files that instantiate
// KernelMapping, and by nothing else. Freestanding: of the system's headers it
// uses only the kernel's own.

#include <linux/errno.h>
#include <linux/mman.h>

#include <cstdint>

#include "relink/map/check_pages.h"
#include "relink/map/kernel_mapping.h"

namespace relink {

inline int KernelProtection(Protection protection) {
  switch (protection) {
    case Protection::kNone:
      return PROT_NONE;
    case Protection::kRead:
      return PROT_READ;
    case Protection::kReadWrite:
      return PROT_READ | PROT_WRITE;
    case Protection::kReadExecute:
      return PROT_READ | PROT_EXEC;
  }
  return PROT_NONE;
}

template <KernelCalls Kernel>
Result<RuntimeRange> KernelMapping<Kernel>::Map(const char* call,
                                                RuntimeRange pages,
                                                Protection protection,
                                                int flags, FileHandle file,
                                                FileOffset offset) {
  KernelResult mapped = Kernel::Mmap(pages.begin.value(), pages.size,
                                     KernelProtection(protection),
                                     MAP_PRIVATE | flags, file, offset.value());
  if (mapped.ok()) return RuntimeRange{RuntimeAddr(mapped.value), pages.size};
  // Where there is no wanted address the size tells more.
  return Error{
      mapped.os_error == EEXIST ? ErrorCode::kMismatch : ErrorCode::kExhausted,
      call, pages.begin == RuntimeAddr() ? pages.size : pages.begin.value(),
      mapped.os_error};
}

template <KernelCalls Kernel>
Result<RuntimeRange> KernelMapping<Kernel>::Reserve(const Request& request) {
  RELINK_TRY(CheckRequest(request, page_size_));
  if (request.fixed) return ReserveFixed(request);
  if (request.alignment > page_size_ && request.address == RuntimeAddr()) {
    return ReserveAligned(request);
  }
  RELINK_TRY_ASSIGN(RuntimeRange range, ReserveAnywhere(request));
  if (range.begin.value() % request.alignment == 0) return range;
  Release(range);
  return ReserveAligned(request);
}

template <KernelCalls Kernel>
Result<RuntimeRange> KernelMapping<Kernel>::ReserveFixed(
    const Request& request) {
  constexpr const char* kCall = "mmap of a reservation at a fixed address";
  RELINK_TRY_ASSIGN(RuntimeRange range,
                    Map(kCall, {request.address, request.size}, request.initial,
                        MAP_ANONYMOUS | MAP_FIXED_NOREPLACE));
  if (range.begin == request.address) return range;
  // Before Linux 4.17 the flag is unknown and the address only a hint.
  Release(range);
  return Error{ErrorCode::kMismatch, kCall, request.address.value(), EEXIST};
}

template <KernelCalls Kernel>
Result<RuntimeRange> KernelMapping<Kernel>::ReserveAnywhere(
    const Request& request) {
  return Map("mmap of a reservation", {request.address, request.size},
             request.initial, MAP_ANONYMOUS);
}

template <KernelCalls Kernel>
Result<RuntimeRange> KernelMapping<Kernel>::ReserveAligned(
    const Request& request) {
  Request larger = request;
  larger.size += request.alignment;
  RELINK_TRY_ASSIGN(RuntimeRange claimed, ReserveAnywhere(larger));

  RuntimeAddr begin(AlignUp(claimed.begin.value(), request.alignment));
  RuntimeRange head{claimed.begin, begin.value() - claimed.begin.value()};
  RuntimeRange kept{begin, request.size};
  RuntimeRange tail{kept.end(), request.alignment - head.size};
  RELINK_TRY(Trim(tail, claimed));
  RELINK_TRY(Trim(head, {head.begin, head.size + kept.size}));
  return kept;
}

template <KernelCalls Kernel>
Result<void> KernelMapping<Kernel>::Trim(RuntimeRange part,
                                         RuntimeRange claimed) {
  if (part.size == 0) return {};
  KernelResult trimmed = Kernel::Munmap(part.begin.value(), part.size);
  if (trimmed.ok()) return {};
  Release(claimed);
  return Error{ErrorCode::kExhausted, "munmap of a reservation's margin",
               part.begin.value(), trimmed.os_error};
}

template <KernelCalls Kernel>
Result<void> KernelMapping<Kernel>::MapFile(RuntimeRange pages, FileHandle file,
                                            FileOffset offset,
                                            Protection protection) {
  RELINK_TRY(CheckFilePages(pages, offset, page_size_));
  RuntimeRange zeros{pages.end(), 0};
  if (offset.value() <= file.size && file.size - offset.value() < pages.size) {
    // Pages larger than the kernel's may reach past the last that it would map.
    const uint64_t in_file =
        AlignUp(file.size - offset.value(), Kernel::PageSize());
    zeros = {pages.begin + in_file, pages.size - in_file};
    pages.size = in_file;
  }
  if (pages.size != 0) {
    RELINK_TRY(Map("mmap of file", pages, protection, MAP_FIXED, file, offset));
  }
  if (zeros.size != 0) {
    RELINK_TRY(
        Map("mmap of zeros", zeros, protection, MAP_ANONYMOUS | MAP_FIXED));
  }
  return {};
}

template <KernelCalls Kernel>
Result<void> KernelMapping<Kernel>::MapZero(RuntimeRange pages) {
  RELINK_TRY(CheckPages(pages, page_size_));
  RELINK_TRY(Map("mmap of zeros", pages, Protection::kReadWrite,
                 MAP_ANONYMOUS | MAP_FIXED));
  return {};
}

template <KernelCalls Kernel>
Result<void> KernelMapping<Kernel>::Protect(RuntimeRange pages,
                                            Protection protection) {
  RELINK_TRY(CheckPages(pages, page_size_));
  KernelResult changed = Kernel::Mprotect(pages.begin.value(), pages.size,
                                          KernelProtection(protection));
  if (changed.ok()) return {};
  return Error{ErrorCode::kExhausted, "mprotect", pages.begin.value(),
               changed.os_error};
}

template <KernelCalls Kernel>
void KernelMapping<Kernel>::Prefault(RuntimeRange pages, bool write) {
  // Since Linux 5.14; before, the pages come in one by one as ever.
  constexpr int kPopulateRead = 22;
  constexpr int kPopulateWrite = 23;
  (void)Kernel::Madvise(pages.begin.value(), pages.size,
                        write ? kPopulateWrite : kPopulateRead);
}

template <KernelCalls Kernel>
void KernelMapping<Kernel>::UseHugePages(RuntimeRange pages) {
  (void)Kernel::Madvise(pages.begin.value(), pages.size, MADV_HUGEPAGE);
}

template <KernelCalls Kernel>
void KernelMapping<Kernel>::ExpectProtectionChanges(RuntimeRange pages) {
  // Linux merges neighbouring mappings that allow the same and splits them when
  // that changes. If every other page has a flag of its own, here one without
  // further effect on single pages, each page stays a mapping for itself.
  for (uint64_t at = page_size_; at < pages.size; at += 2 * page_size_) {
    (void)Kernel::Madvise((pages.begin + at).value(), page_size_,
                          MADV_NOHUGEPAGE);
  }
}

template <KernelCalls Kernel>
void KernelMapping<Kernel>::Release(RuntimeRange reservation) {
  // The kernel refuses only what was never a reservation.
  Kernel::Munmap(reservation.begin.value(), reservation.size);
}

}  // namespace relink

#endif  // RELINK_MAP_KERNEL_MAPPING_METHODS_H_
