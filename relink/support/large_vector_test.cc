// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/support/large_vector.h"

#include <cstdint>
#include <limits>
#include <new>
#include <numeric>

#include "gtest/gtest.h"

namespace relink {
namespace {

TEST(LargeVector, KeepsItsEntriesAsItGrowsLarge) {
  LargeVector<uint64_t> numbers;
  constexpr uint64_t kCount = 3 * kLargePage / sizeof(uint64_t) + 1;
  for (uint64_t i = 0; i < kCount; ++i) numbers.push_back(i);
  EXPECT_EQ(std::accumulate(numbers.begin(), numbers.end(), uint64_t{0}),
            kCount * (kCount - 1) / 2);
}

TEST(LargeVector, BeginsAtALargePageWhenItIsLarge) {
  const LargeVector<char> bytes(kLargePage);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(bytes.data()) % kLargePage, 0u);
}

TEST(LargeVector, SaysThatThereIsNoMemory) {
  EXPECT_THROW(AllocateLarge(std::numeric_limits<size_t>::max()),
               std::bad_alloc);
}

}  // namespace
}  // namespace relink
