// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/map/page_state.h"

#include <sys/mman.h>

#include <cstring>

#include "gtest/gtest.h"

namespace relink {
namespace {

constexpr char kSmaps[] =
    "200000-600000 r-xp 00000000 00:00 0 \n"
    "Size:               4096 kB\n"
    "Rss:                2052 kB\n"
    "AnonHugePages:      2048 kB\n"
    "ShmemPmdMapped:        0 kB\n"
    "VmFlags: rd ex mr mw me \n"
    "700000-701000 rw-p 00000000 08:01 1234  /some/file with-dash\n"
    "Rss:                   4 kB\n";

RuntimeRange Range(uint64_t begin, uint64_t end) {
  return {RuntimeAddr(begin), end - begin};
}

TEST(PageState, IsWhatTheMappingsHave) {
  EXPECT_EQ(ParsePageState(kSmaps, Range(0x200000, 0x600000)),
            (PageState{2052 << 10, 2048 << 10}));
  EXPECT_EQ(ParsePageState(kSmaps, Range(0x200000, 0x800000)),
            (PageState{2056 << 10, 2048 << 10}));
}

TEST(PageState, IsNoMoreThanTheRange) {
  EXPECT_EQ(ParsePageState(kSmaps, Range(0x300000, 0x301000)),
            (PageState{4 << 10, 4 << 10}));
  EXPECT_EQ(ParsePageState(kSmaps, Range(0x601000, 0x602000)), PageState());
}

TEST(PageState, IgnoresWhatItDoesNotKnow) {
  EXPECT_EQ(ParsePageState("Rss: 4 kB\n-\nx-y\nff-10 r\nRss: 4 kB\n",
                           Range(0, 0x1000)),
            PageState());
}

TEST(PageState, OfThisProcess) {
  constexpr size_t kSize = 64 << 10;
  void* memory = mmap(nullptr, kSize, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  std::memset(memory, 1, kSize);
  const auto begin = reinterpret_cast<uint64_t>(memory);
  const auto state = ReadPageState(Range(begin, begin + kSize));
  munmap(memory, kSize);
  ASSERT_TRUE(state.has_value());
  EXPECT_EQ(state->resident, kSize);
}

}  // namespace
}  // namespace relink
