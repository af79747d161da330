// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/run/process_memory.h"

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace relink {
namespace {

constexpr char kMaps[] =
    "555500000000-555500002000 r--p 00000000 fe:01 1234    /usr/bin/program\n"
    "555500002000-555500004000 r-xp 00002000 fe:01 1234    /usr/bin/program\n"
    "555500005000-555500009000 rw-p 00000000 00:00 0       [heap]\n"
    "7f0000000000-7f0000100000 r-xp 00000000 fe:01 5       /lib/libc.so.6\n";

ProcessMemory Memory() { return *ProcessMemory::Parse(kMaps); }

TEST(ProcessMemory, FindsWhatIsMappedAtAnAddress) {
  const ProcessMemory memory = Memory();
  const auto* mapping = memory.Find(RuntimeAddr(0x555500002fff));
  ASSERT_NE(mapping, nullptr);
  EXPECT_EQ(mapping->protection, Protection::kReadExecute);
  EXPECT_EQ(mapping->file.inode, 1234u);
  EXPECT_EQ(memory.Find(RuntimeAddr(0x555500004000)), nullptr);
  EXPECT_EQ(memory.Find(RuntimeAddr(0x1000)), nullptr);
}

TEST(ProcessMemory, ReadsThatOfThisProcess) {
  const auto memory = ProcessMemory::Read();
  ASSERT_TRUE(memory.ok());
  const auto* mapping =
      memory->Find(RuntimeAddr(reinterpret_cast<uint64_t>(&kMaps)));
  ASSERT_NE(mapping, nullptr);
  EXPECT_NE(mapping->file.inode, 0u);
}

TEST(ProcessMemory, RefusesMalformedLines) {
  for (const char* text : {"x", "1-2 r--p", "1-g r--p 0 0:0 0", "1-2 r 0 0:0 0",
                           "1-2 r--p 0 00 0"}) {
    EXPECT_EQ(ProcessMemory::Parse(text).status().code(),
              absl::StatusCode::kInvalidArgument)
        << text;
  }
}

TEST(ProcessMemory, FindsRoomBelowAModule) {
  const RuntimeRange libc = {RuntimeAddr(0x7f0000000000), 0x100000};
  const auto room = Memory().FindRoom(libc, 0x5000);
  ASSERT_TRUE(room.ok());
  EXPECT_LT(*room + 0x5000, libc.begin);
  EXPECT_GT(*room + (uint64_t{1} << 31), libc.end());
}

TEST(ProcessMemory, LeavesTheHeapRoomWhereThereIsNoneBelow) {
  const auto memory = ProcessMemory::Parse(
      "00400000-00500000 r-xp 00000000 fe:01 7 /bin/fixed\n"
      "00500000-00600000 rw-p 00000000 00:00 0 [heap]\n");
  const auto room =
      memory->FindRoom({RuntimeAddr(0x400000), 0x100000}, 0x800000);
  ASSERT_TRUE(room.ok());
  EXPECT_GE(room->value(), uint64_t{1} << 30);
  EXPECT_LT(room->value() + 0x800000, uint64_t{1} << 31);
}

TEST(ProcessMemory, FindsNoRoomForMoreThanIsInReach) {
  EXPECT_EQ(
      Memory()
          .FindRoom({RuntimeAddr(0x7f0000000000), 0x100000}, uint64_t{1} << 31)
          .status()
          .code(),
      absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace relink
