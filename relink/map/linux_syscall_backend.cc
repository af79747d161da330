// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/map/linux_syscall_backend.h"

#include <cstdint>

#include "relink/map/kernel_mapping_methods.h"

#ifndef __x86_64__
#error "linux_syscall_backend.cc knows the system calls of x86-64 only"
#endif

namespace relink {
namespace {

// arch/x86/entry/syscalls/syscall_64.tbl
constexpr uint64_t kMmap = 9;
constexpr uint64_t kMprotect = 10;
constexpr uint64_t kMunmap = 11;
constexpr uint64_t kMadvise = 28;

// psABI x86-64, A.2.1: the number in rax, arguments in rdi, rsi, rdx, r10, r8,
// r9; destroys rcx and r11; a result in [-4095, -1] is -errno.
KernelResult Syscall(uint64_t number, uint64_t a, uint64_t b, uint64_t c = 0,
                     uint64_t d = 0, uint64_t e = 0, uint64_t f = 0) {
  register uint64_t r10 asm("r10") = d;
  register uint64_t r8 asm("r8") = e;
  register uint64_t r9 asm("r9") = f;
  uint64_t result;
  asm volatile("syscall"
               : "=a"(result)
               : "0"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
               : "rcx", "r11", "memory");
  if (result >= static_cast<uint64_t>(-4095)) {
    return {.os_error = static_cast<int>(-result)};
  }
  return {.value = result};
}

}  // namespace

KernelResult LinuxSyscallKernel::Mmap(uint64_t address, uint64_t size,
                                      int protection, int flags,
                                      FileHandle file, uint64_t offset) {
  return Syscall(kMmap, address, size, static_cast<uint64_t>(protection),
                 static_cast<uint64_t>(flags),
                 static_cast<uint64_t>(file.value), offset);
}

KernelResult LinuxSyscallKernel::Mprotect(uint64_t address, uint64_t size,
                                          int protection) {
  return Syscall(kMprotect, address, size, static_cast<uint64_t>(protection));
}

KernelResult LinuxSyscallKernel::Munmap(uint64_t address, uint64_t size) {
  return Syscall(kMunmap, address, size);
}

KernelResult LinuxSyscallKernel::Madvise(uint64_t address, uint64_t size,
                                         int advice) {
  return Syscall(kMadvise, address, size, static_cast<uint64_t>(advice));
}

template class KernelMapping<LinuxSyscallKernel>;

}  // namespace relink
