// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/support/id.h"

#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace relink {
namespace {

using FruitId = Id<struct FruitTag>;
using StoneId = Id<struct StoneTag>;

TEST(Id, HasNoValueByDefault) {
  EXPECT_FALSE(FruitId().has_value());
  EXPECT_TRUE(FruitId(0).has_value());
}

TEST(Id, OrdersByIndex) {
  EXPECT_LT(FruitId(1), FruitId(2));
  EXPECT_EQ(FruitId(3), FruitId(3));
}

TEST(Id, KindsDoNotMix) {
  EXPECT_FALSE((std::is_convertible_v<FruitId, StoneId>));
  EXPECT_FALSE((std::is_constructible_v<FruitId, StoneId>));
}

TEST(Table, NamesEntriesInTheOrderOfAdding) {
  Table<FruitId, int> table;
  const FruitId first = table.Add(7);
  const FruitId second = table.Add(8);
  EXPECT_EQ(first.index(), 0u);
  EXPECT_EQ(table[first], 7);
  EXPECT_EQ(table[second], 8);
}

TEST(Table, LetsAnEntryBeChanged) {
  Table<FruitId, int> table;
  const FruitId id = table.Add(1);
  table[id] = 2;
  EXPECT_EQ(std::as_const(table)[id], 2);
}

TEST(Table, IteratesInIdOrder) {
  Table<FruitId, int> table;
  for (int i = 0; i < 4; ++i) table.Add(i * i);
  EXPECT_EQ(std::vector<int>(table.begin(), table.end()),
            (std::vector<int>{0, 1, 4, 9}));
}

TEST(Table, HoldsMoveOnlyEntries) {
  Table<FruitId, std::unique_ptr<int>> table;
  EXPECT_TRUE(table.empty());
  const FruitId id = table.Add(std::make_unique<int>(5));
  EXPECT_EQ(*table[id], 5);
  EXPECT_EQ(table.size(), 1u);
}

}  // namespace
}  // namespace relink
