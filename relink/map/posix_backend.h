// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_MAP_POSIX_BACKEND_H_
#define RELINK_MAP_POSIX_BACKEND_H_

#include <cstdint>

#include "relink/map/kernel_mapping.h"
#include "relink/map/mapping_backend.h"

namespace relink {

// The kernel's calls as the C library makes them, so that sanitizers and
// interposers see them.
struct PosixKernel {
  static KernelResult Mmap(uint64_t address, uint64_t size, int protection,
                           int flags, FileHandle file, uint64_t offset);
  static KernelResult Mprotect(uint64_t address, uint64_t size, int protection);
  static KernelResult Munmap(uint64_t address, uint64_t size);
  static KernelResult Madvise(uint64_t address, uint64_t size, int advice);
  static uint64_t PageSize();
};

extern template class KernelMapping<PosixKernel>;

// Memory of this process. The backend to use in a hosted program.
using PosixBackend = KernelMapping<PosixKernel>;

}  // namespace relink

#endif  // RELINK_MAP_POSIX_BACKEND_H_
