// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/verify/memory_map.h"

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>

#include "gtest/gtest.h"
#include "relink/support/address.h"

namespace relink::tools {
namespace {

RuntimeAddr At(const void* pointer) {
  return RuntimeAddr(reinterpret_cast<uintptr_t>(pointer));
}

TEST(MemoryMap, KnowsTheProtectionOfEveryPage) {
  constexpr size_t kPage = 4096;
  auto* const pages =
      static_cast<std::byte*>(mmap(nullptr, 3 * kPage, PROT_READ | PROT_WRITE,
                                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  ASSERT_NE(pages, MAP_FAILED);
  ASSERT_EQ(mprotect(pages + kPage, kPage, PROT_READ), 0);
  ASSERT_EQ(mprotect(pages + 2 * kPage, kPage, PROT_NONE), 0);

  auto map = MemoryMap::Read();
  ASSERT_TRUE(map.ok()) << map.status();
  EXPECT_EQ(map->Protection(At(pages)), "rw-");
  EXPECT_EQ(map->Protection(At(pages + kPage - 1)), "rw-");
  EXPECT_EQ(map->Protection(At(pages + kPage)), "r--");
  EXPECT_EQ(map->Protection(At(pages + 2 * kPage)), "---");

  ASSERT_EQ(munmap(pages, 3 * kPage), 0);
  map = MemoryMap::Read();
  ASSERT_TRUE(map.ok()) << map.status();
  EXPECT_EQ(map->Protection(At(pages + kPage)), "none");
}

TEST(MemoryMap, KnowsThatCodeIsExecutable) {
  const auto map = MemoryMap::Read();
  ASSERT_TRUE(map.ok()) << map.status();
  EXPECT_EQ(map->Protection(At(reinterpret_cast<const void*>(&At))), "r-x");
  EXPECT_EQ(map->Protection(RuntimeAddr(0)), "none");
}

}  // namespace
}  // namespace relink::tools
