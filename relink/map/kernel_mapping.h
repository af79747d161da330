// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_MAP_KERNEL_MAPPING_H_
#define RELINK_MAP_KERNEL_MAPPING_H_

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "relink/map/mapping_backend.h"
#include "relink/support/address.h"
#include "relink/support/result.h"

namespace relink {

// What one kernel call gave: a value, or an errno that is not 0.
struct KernelResult {
  uint64_t value = 0;
  int os_error = 0;

  bool ok() const { return os_error == 0; }
};

// A way to make the calls of mmap(2) and madvise(2), with the flags of
// <linux/mman.h>.
template <typename T>
concept KernelCalls = requires(uint64_t n, int flags, FileHandle file) {
  // address, size, protection, flags, file, offset
  { T::Mmap(n, n, flags, flags, file, n) } -> std::same_as<KernelResult>;
  { T::Mprotect(n, n, flags) } -> std::same_as<KernelResult>;
  { T::Munmap(n, n) } -> std::same_as<KernelResult>;
  { T::Madvise(n, n, flags) } -> std::same_as<KernelResult>;
  { T::PageSize() } -> std::same_as<uint64_t>;
};

// Memory of this process, from the Linux kernel. Holds nothing but the page
// size, so any number of threads may use one.
//
// MapFile trusts the caller that the file has the pages it asks for, unless the
// handle has its size: touching a page wholly past the end of the file is
// SIGBUS, as for any mapped file.
//
// The methods' bodies are in kernel_mapping_methods.h, for those who
// instantiate it.
template <KernelCalls Kernel>
class KernelMapping final : public MappingBackend {
 public:
  KernelMapping() : KernelMapping(Kernel::PageSize()) {}
  // A `page_size` above the kernel's keeps segments of different protections
  // that far apart. A power of two; a smaller one makes the kernel refuse.
  explicit KernelMapping(uint64_t page_size) : page_size_(page_size) {}

  uint64_t page_size() const override { return page_size_; }
  Result<RuntimeRange> Reserve(const Request& request) override;
  Result<void> MapFile(RuntimeRange pages, FileHandle file, FileOffset offset,
                       Protection protection) override;
  Result<void> MapZero(RuntimeRange pages) override;
  Result<void> Protect(RuntimeRange pages, Protection protection) override;
  void Prefault(RuntimeRange pages, bool write) override;
  void UseHugePages(RuntimeRange pages) override;
  void ExpectProtectionChanges(RuntimeRange pages) override;
  void Release(RuntimeRange reservation) override;
  std::byte* Bytes(RuntimeAddr address) override {
    return reinterpret_cast<std::byte*>(address.value());
  }
  bool runs_here() const override { return true; }

 private:
  // One mmap; `call` names it in errors.
  Result<RuntimeRange> Map(const char* call, RuntimeRange pages,
                           Protection protection, int flags,
                           FileHandle file = {}, FileOffset offset = {});
  Result<RuntimeRange> ReserveFixed(const Request& request);
  Result<RuntimeRange> ReserveAnywhere(const Request& request);
  // Claims `alignment` bytes too many and gives back both ends.
  Result<RuntimeRange> ReserveAligned(const Request& request);
  // Gives back `part` of `claimed`, or all of it if the kernel refuses.
  Result<void> Trim(RuntimeRange part, RuntimeRange claimed);

  uint64_t page_size_;
};

}  // namespace relink

#endif  // RELINK_MAP_KERNEL_MAPPING_H_
