// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_MAP_LINUX_SYSCALL_BACKEND_H_
#define RELINK_MAP_LINUX_SYSCALL_BACKEND_H_

#include <cstdint>

#include "relink/map/kernel_mapping.h"
#include "relink/map/mapping_backend.h"

namespace relink {

// The kernel's calls as x86-64 instructions. Freestanding: there need be no C
// library, no thread pointer and no errno. Sanitizers do not see them.
struct LinuxSyscallKernel {
  static KernelResult Mmap(uint64_t address, uint64_t size, int protection,
                           int flags, FileHandle file, uint64_t offset);
  static KernelResult Mprotect(uint64_t address, uint64_t size, int protection);
  static KernelResult Munmap(uint64_t address, uint64_t size);
  static KernelResult Madvise(uint64_t address, uint64_t size, int advice);
  static constexpr uint64_t PageSize() { return 4096; }
};

extern template class KernelMapping<LinuxSyscallKernel>;

// Memory of this process, for a program that has no C library or must not
// enter it (a dynamic loader before it has loaded one).
using LinuxSyscallBackend = KernelMapping<LinuxSyscallKernel>;

}  // namespace relink

#endif  // RELINK_MAP_LINUX_SYSCALL_BACKEND_H_
