// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/map/linux_syscall_backend.h"

#include <cerrno>
#include <cstdint>

#include "gtest/gtest.h"
#include "relink/map/posix_backend.h"

namespace relink {
namespace {

TEST(LinuxSyscallBackend, HasThePageSizeOfTheMachine) {
  EXPECT_EQ(LinuxSyscallBackend().page_size(), PosixBackend().page_size());
}

TEST(LinuxSyscallKernel, ReturnsErrnoInsteadOfSettingIt) {
  errno = 0;
  EXPECT_EQ(LinuxSyscallKernel::Munmap(1, 4096).os_error, EINVAL);
  EXPECT_EQ(LinuxSyscallKernel::Mprotect(1, 4096, 0).os_error, EINVAL);
  EXPECT_EQ(LinuxSyscallKernel::Mmap(0, 4096, 0, 0, {}, 0).os_error, EBADF);
  EXPECT_EQ(errno, 0);
}

// Two ways must agree.
TEST(LinuxSyscallKernel, RefusesAsTheLibraryDoes) {
  constexpr uint64_t kArguments[][2] = {
      {0, 0}, {1, 4096}, {4096, UINT64_MAX}, {UINT64_MAX - 4095, 4096}};
  for (auto [address, size] : kArguments) {
    EXPECT_EQ(LinuxSyscallKernel::Munmap(address, size).os_error,
              PosixKernel::Munmap(address, size).os_error)
        << address << " " << size;
    EXPECT_EQ(LinuxSyscallKernel::Mprotect(address, size, 0).os_error,
              PosixKernel::Mprotect(address, size, 0).os_error)
        << address << " " << size;
    EXPECT_EQ(LinuxSyscallKernel::Mmap(address, size, 0, 0, {}, 0).os_error,
              PosixKernel::Mmap(address, size, 0, 0, {}, 0).os_error)
        << address << " " << size;
  }
}

}  // namespace
}  // namespace relink
