// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/address_index.h"

#include <atomic>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace relink {
namespace {

using Entry = AddressIndex::Entry;

// Owners are compared, never looked at.
const void* Owner(uint64_t number) {
  return reinterpret_cast<const void*>(number);
}

Entry MakeEntry(uint64_t begin, uint64_t size, uint64_t owner) {
  return {{RuntimeAddr(begin), size}, Owner(owner)};
}

const void* OwnerAt(const AddressIndex& index, uint64_t addr) {
  return index.Find(RuntimeAddr(addr)).owner;
}

TEST(AddressIndex, IsEmptyAtFirst) {
  const AddressIndex index;
  EXPECT_EQ(OwnerAt(index, 0), nullptr);
  EXPECT_EQ(OwnerAt(index, UINT64_MAX), nullptr);
}

TEST(AddressIndex, FindsTheRangeAroundAnAddress) {
  AddressIndex index;
  index.Replace(std::vector<Entry>{MakeEntry(0x1000, 0x100, 1),
                                   MakeEntry(0x1100, 0x100, 2),
                                   MakeEntry(UINT64_MAX - 0xff, 0x100, 3)});
  EXPECT_EQ(OwnerAt(index, 0xfff), nullptr);
  EXPECT_EQ(OwnerAt(index, 0x1000), Owner(1));
  EXPECT_EQ(OwnerAt(index, 0x10ff), Owner(1));
  EXPECT_EQ(OwnerAt(index, 0x1100), Owner(2));
  EXPECT_EQ(OwnerAt(index, 0x1200), nullptr);
  EXPECT_EQ(OwnerAt(index, UINT64_MAX), Owner(3));
  EXPECT_EQ(index.Find(RuntimeAddr(0x10ff)).memory.begin.value(), 0x1000u);
}

TEST(AddressIndex, ForgetsWhatWasReplaced) {
  AddressIndex index;
  index.Replace(std::vector<Entry>{MakeEntry(0x1000, 0x100, 1)});
  index.Replace(std::vector<Entry>{MakeEntry(0x2000, 0x100, 2)});
  EXPECT_EQ(OwnerAt(index, 0x1000), nullptr);
  EXPECT_EQ(OwnerAt(index, 0x2000), Owner(2));
  index.Replace({});
  EXPECT_EQ(OwnerAt(index, 0x2000), nullptr);
}

TEST(AddressIndex, ShowsReadersOneStateOrTheNext) {
  AddressIndex index;
  std::atomic<bool> done = false;
  std::atomic<int> wrong = 0;
  // In state n the ranges are n apart and owned by n: any mixture shows.
  const auto read = [&] {
    while (!done) {
      for (uint64_t addr = 0x10000; addr < 0x10000 + 64 * 16; addr += 16) {
        const Entry found = index.Find(RuntimeAddr(addr));
        if (found.owner == nullptr) continue;
        const auto state = reinterpret_cast<uint64_t>(found.owner);
        if ((found.memory.begin.value() - 0x10000) % state != 0 ||
            found.memory.size != state) {
          ++wrong;
        }
      }
    }
  };
  std::thread first(read);
  std::thread second(read);
  for (uint64_t round = 0; round < 3000; ++round) {
    const uint64_t state = 1 + round % 37;
    std::vector<Entry> entries;
    for (uint64_t i = 0; i < 1 + round % 200; ++i) {
      entries.push_back(MakeEntry(0x10000 + i * state, state, state));
    }
    index.Replace(entries);
  }
  done = true;
  first.join();
  second.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace relink
