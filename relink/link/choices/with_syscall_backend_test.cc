// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "gtest/gtest.h"
#include "relink/map/linux_syscall_backend.h"
#include "relink/map/system_backend.h"

namespace relink {
namespace {

TEST(WithSyscallBackend, AsksTheKernelItself) {
  EXPECT_NE(dynamic_cast<LinuxSyscallBackend*>(&SystemBackend()), nullptr);
}

}  // namespace
}  // namespace relink
