// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/ordering/shuffle.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

#include "gtest/gtest.h"
#include "relink/ir/section.h"

namespace relink {
namespace {

std::vector<SectionId> Shuffled(uint64_t seed, uint32_t count) {
  std::vector<SectionId> sections;
  for (uint32_t i = 0; i < count; ++i) sections.emplace_back(i);
  Shuffle(seed, sections);
  return sections;
}

TEST(Shuffle, MakesTheSameOrderOfTheSameSeed) {
  EXPECT_EQ(Shuffled(1, 100), Shuffled(1, 100));
  EXPECT_NE(Shuffled(1, 100), Shuffled(2, 100));
}

TEST(Shuffle, KeepsEachOnce) {
  std::vector<SectionId> sections = Shuffled(3, 1000);
  EXPECT_FALSE(std::ranges::is_sorted(sections));
  std::ranges::sort(sections);
  for (uint32_t i = 0; i < sections.size(); ++i) {
    EXPECT_EQ(sections[i], SectionId(i));
  }
}

TEST(Shuffle, MakesEachOrderAboutAsOften) {
  std::map<std::vector<SectionId>, int> seen;
  for (uint64_t seed = 0; seed < 6000; ++seed) ++seen[Shuffled(seed, 3)];
  ASSERT_EQ(seen.size(), 6u);
  for (const auto& [order, times] : seen) {
    EXPECT_GT(times, 850);
    EXPECT_LT(times, 1150);
  }
}

TEST(Shuffle, TakesNoneAndOne) {
  EXPECT_TRUE(Shuffled(1, 0).empty());
  EXPECT_EQ(Shuffled(1, 1).size(), 1u);
}

}  // namespace
}  // namespace relink
