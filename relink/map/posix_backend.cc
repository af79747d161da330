// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/map/posix_backend.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "relink/map/kernel_mapping_methods.h"

namespace relink {
namespace {

void* Pointer(uint64_t address) { return reinterpret_cast<void*>(address); }

KernelResult ZeroOrErrno(int status) {
  if (status != 0) return {.os_error = errno};
  return {};
}

}  // namespace

KernelResult PosixKernel::Mmap(uint64_t address, uint64_t size, int protection,
                               int flags, FileHandle file, uint64_t offset) {
  void* mapped = ::mmap(Pointer(address), size, protection, flags, file.value,
                        static_cast<off_t>(offset));
  if (mapped == MAP_FAILED) return {.os_error = errno};
  return {.value = reinterpret_cast<uint64_t>(mapped)};
}

KernelResult PosixKernel::Mprotect(uint64_t address, uint64_t size,
                                   int protection) {
  return ZeroOrErrno(::mprotect(Pointer(address), size, protection));
}

KernelResult PosixKernel::Munmap(uint64_t address, uint64_t size) {
  return ZeroOrErrno(::munmap(Pointer(address), size));
}

KernelResult PosixKernel::Madvise(uint64_t address, uint64_t size, int advice) {
  return ZeroOrErrno(::madvise(Pointer(address), size, advice));
}

uint64_t PosixKernel::PageSize() {
  return static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
}

template class KernelMapping<PosixKernel>;

}  // namespace relink
