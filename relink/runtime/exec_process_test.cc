// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/exec_process.h"

#include <elf.h>
#include <sys/auxv.h>
#include <unistd.h>

#include <thread>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace relink {
namespace {

using testing::Contains;
using testing::HasSubstr;

TEST(ExecProcess, KnowsWhatTheKernelGave) {
  const auto process = ExecProcess::Read();
  ASSERT_TRUE(process.ok()) << process.status();
  EXPECT_THAT(process->auxiliary,
              Contains(AuxiliaryEntry{AT_PAGESZ, getauxval(AT_PAGESZ)}));
  EXPECT_THAT(
      process->auxiliary,
      Contains(AuxiliaryEntry{AT_SYSINFO_EHDR, getauxval(AT_SYSINFO_EHDR)}));
  EXPECT_THAT(process->auxiliary, Contains(AuxiliaryEntry{AT_UID, getuid()}));
  for (const AuxiliaryEntry& entry : process->auxiliary) {
    EXPECT_NE(entry.type, uint64_t{AT_NULL});
  }
}

TEST(ExecProcess, KnowsWhereItsStackBegan) {
  const auto process = ExecProcess::Read();
  ASSERT_TRUE(process.ok()) << process.status();
  const int here = 0;
  const RuntimeAddr top(reinterpret_cast<uint64_t>(&here));
  EXPECT_GT(process->stack_end, top);
  EXPECT_LT(process->stack_end, top + (uint64_t{1} << 20));
  EXPECT_GE(process->max_arguments, uint64_t{128} << 10);
}

TEST(ExecProcess, RefusesSeveralThreads) {
  std::thread([] {
    const absl::Status status = ExecProcess::Read().status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(status.message()), HasSubstr("2 threads"));
  }).join();
  EXPECT_TRUE(ExecProcess::Read().ok());
}

}  // namespace
}  // namespace relink
