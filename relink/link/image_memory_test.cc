// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// The memory of loaded images: what is kept from one to the next, and what
// large rewritten data gets.

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "relink/link/loader.h"
#include "relink/map/posix_backend.h"
#include "relink/map/proc_maps.h"
#include "relink/map/recycling_backend.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

std::string Counting() { return TestdataPath("memory/libcounting.so"); }
std::string Rewritten() { return TestdataPath("memory/librewritten.so"); }

RuntimeAddr AddressOf(const void* object) {
  return RuntimeAddr(reinterpret_cast<uint64_t>(object));
}

std::vector<std::string> Permissions(const Library& library) {
  std::vector<std::string> permissions;
  for (const LibrarySegment& segment : library.segments()) {
    permissions.push_back(PermissionsAt(segment.memory.begin));
  }
  return permissions;
}

TEST(ImageMemory, IsAsNewInAReloadedLibrary) {
  PosixBackend posix;
  RecyclingBackend backend(posix);
  Loader loader({.backend = &backend});
  std::vector<std::string> permissions;
  uint64_t base = 0;
  for (int load = 0; load < 3; ++load) {
    auto library = loader.LoadDylib(Counting());
    ASSERT_TRUE(library.ok()) << library.status();
    auto next_count = library->Get<int()>("next_count");
    ASSERT_TRUE(next_count.ok()) << next_count.status();
    EXPECT_EQ((*next_count)(), 601);
    EXPECT_EQ((*next_count)(), 702);
    EXPECT_FALSE(AnythingWritableAndExecutable());
    if (load != 0) {
      EXPECT_EQ(library->base(), base);
      EXPECT_EQ(Permissions(*library), permissions);
    }
    base = library->base();
    permissions = Permissions(*library);
  }
  EXPECT_NE(backend.kept_bytes(), 0u);
}

TEST(ImageMemory, CanHavePagesLargerThanTheKernels) {
  PosixBackend backend(0x10000);
  Loader loader({.backend = &backend});
  auto library =
      loader.LoadDylib(TestdataPath("memory/libcounting_on_large_pages.so"));
  ASSERT_TRUE(library.ok()) << library.status();
  auto next_count = library->Get<int()>("next_count");
  ASSERT_TRUE(next_count.ok()) << next_count.status();
  EXPECT_EQ((*next_count)(), 601);
  EXPECT_EQ((*next_count)(), 702);
}

TEST(ImageMemory, OfTwoLivingLibrariesIsNotShared) {
  Loader loader;
  { auto library = loader.LoadDylib(Counting()); }
  auto first = loader.LoadDylib(Counting());
  auto second = loader.LoadDylib(Counting());
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_NE(first->base(), second->base());
  auto next_of_first = *first->Get<int()>("next_count");
  auto next_of_second = *second->Get<int()>("next_count");
  EXPECT_EQ(next_of_first(), 601);
  EXPECT_EQ(next_of_first(), 702);
  EXPECT_EQ(next_of_second(), 601);
}

TEST(ImageMemory, OfLargeRewrittenDataIsRight) {
  Loader loader;
  auto library = loader.LoadDylib(Rewritten());
  ASSERT_TRUE(library.ok()) << library.status();
  auto* table = static_cast<char* const*>(library->Find("table"));
  auto* base = static_cast<char*>(library->Find("base"));
  ASSERT_TRUE(table != nullptr && base != nullptr);
  for (uint64_t i = 0; i < 300'000; ++i) ASSERT_EQ(table[i], base + i) << i;
  EXPECT_TRUE(std::all_of(base, base + 300'000, [](char c) { return c == 0; }));
  auto next_count = library->Get<int64_t()>("next_count");
  ASSERT_TRUE(next_count.ok()) << next_count.status();
  EXPECT_EQ((*next_count)(), 8);
  EXPECT_EQ(PermissionsAt(AddressOf(table)), "r--p");
  EXPECT_EQ(PermissionsAt(AddressOf(library->Find("counter"))), "rw-p");
  EXPECT_EQ(PermissionsAt(AddressOf(base + 299'999)), "rw-p");
}

TEST(ImageMemory, OfLargeRewrittenDataIsAlignedForHugePages) {
  Loader loader;
  auto library = loader.LoadDylib(Rewritten());
  ASSERT_TRUE(library.ok()) << library.status();
  const std::vector<LibrarySegment> segments = library->segments();
  const auto data = std::ranges::find(segments, Protection::kReadWrite,
                                      &LibrarySegment::protection);
  ASSERT_NE(data, segments.end());
  constexpr uint64_t kHugePage = uint64_t{2} << 20;
  EXPECT_LT(data->memory.begin.value() % kHugePage, uint64_t{4096});
}

}  // namespace
}  // namespace relink
