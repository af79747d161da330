// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/perf/address_spaces.h"

#include <map>
#include <random>
#include <utility>

#include "gtest/gtest.h"

namespace relink::profiles {
namespace {

using Found = AddressSpaces::Found;

constexpr uint32_t kPid = 7;

void Map(AddressSpaces& spaces, uint32_t pid, uint64_t begin, uint64_t size,
         uint32_t file) {
  spaces.Map(pid, {RuntimeAddr(begin), size}, begin * 2, MappedFileId(file));
}

bool Has(AddressSpaces& spaces, uint32_t pid, uint64_t address) {
  return spaces.Find(pid, RuntimeAddr(address)).file.has_value();
}

// Against a table with an entry for each address.
TEST(AddressSpaces, KeepsWhatWasMappedLast) {
  std::mt19937 random(1);
  for (int round = 0; round < 100; ++round) {
    AddressSpaces spaces;
    std::map<uint64_t, std::pair<uint32_t, uint64_t>> expected;
    for (uint32_t file = 0; file < 20; ++file) {
      const uint64_t begin = random() % 40, size = random() % 12;
      Map(spaces, kPid, begin, size, file);
      for (uint64_t i = 0; i < size; ++i) {
        expected[begin + i] = {file, begin * 2 + i};
      }
      AddressSpaces::View view = spaces.ViewOf(kPid);
      for (int i = 0; i < 60; ++i) {
        const uint64_t address = random() % 60;
        const Found found = view.Find(RuntimeAddr(address));
        const auto entry = expected.find(address);
        ASSERT_EQ(found.file.has_value(), entry != expected.end());
        if (entry == expected.end()) continue;
        ASSERT_EQ(found.file.index(), entry->second.first);
        ASSERT_EQ(found.offset.value(), entry->second.second);
      }
    }
  }
}

TEST(AddressSpaces, MapsToTheEndOfMemory) {
  AddressSpaces spaces;
  Map(spaces, kPid, UINT64_MAX - 9, 100, 0);
  EXPECT_TRUE(Has(spaces, kPid, UINT64_MAX - 1));
  EXPECT_FALSE(Has(spaces, kPid, 0));
}

TEST(AddressSpaces, GivesAChildWhatItsParentHas) {
  AddressSpaces spaces;
  Map(spaces, 1, 10, 5, 0);
  spaces.Fork(2, 1, true);
  EXPECT_EQ(spaces.Version(2), spaces.Version(1));
  Map(spaces, 1, 20, 5, 0);
  EXPECT_TRUE(Has(spaces, 2, 10));
  EXPECT_FALSE(Has(spaces, 2, 20));
  EXPECT_NE(spaces.Version(2), spaces.Version(1));
  spaces.Fork(3, 1, false);
  EXPECT_FALSE(Has(spaces, 3, 10));
}

TEST(AddressSpaces, SharesWhatThreadsHave) {
  AddressSpaces spaces;
  Map(spaces, 1, 10, 5, 0);
  spaces.Fork(1, 1, true);
  spaces.Exit(1);
  EXPECT_TRUE(Has(spaces, 1, 10));
}

TEST(AddressSpaces, RemembersProcessesThatAreGoneForAWhile) {
  AddressSpaces spaces;
  for (uint32_t pid = 1; pid <= 1000; ++pid) {
    Map(spaces, pid, 10, 5, 0);
    spaces.Exit(pid);
  }
  EXPECT_TRUE(Has(spaces, 1000, 10));
  EXPECT_FALSE(Has(spaces, 1, 10));
}

TEST(AddressSpaces, SaysWhenThereIsTooMuch) {
  AddressSpaces spaces;
  for (uint64_t i = 0; i <= 1 << 20; ++i) Map(spaces, 1, 2 * i, 1, 0);
  EXPECT_TRUE(spaces.IsTooLarge());
  spaces.Exec(1);
  EXPECT_FALSE(spaces.IsTooLarge());
}

}  // namespace
}  // namespace relink::profiles
