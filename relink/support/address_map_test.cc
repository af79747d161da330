// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/support/address_map.h"

#include <cstdint>

#include "gtest/gtest.h"
#include "relink/support/address.h"

namespace relink {
namespace {

constexpr AddressMap::Piece kPieces[] = {
    {{LinkAddr(0x1000), 0x10}, RuntimeAddr(0x9000)},
    {{LinkAddr(0x1010), 0x10}, RuntimeAddr(0x7000)},
    {{LinkAddr(0x2000), 0x10}, RuntimeAddr(0x5000)},
};

uint64_t At(const AddressMap& map, uint64_t addr) {
  return map.At(LinkAddr(addr)).value();
}

TEST(AddressMap, AddsTheBiasWithoutPieces) {
  EXPECT_EQ(At(AddressMap(0x100), 0x1000), 0x1100u);
  EXPECT_EQ(At(AddressMap(uint64_t{0} - 0x100), 0x1000), 0xf00u);
}

TEST(AddressMap, FindsEachByteOfAPiece) {
  const AddressMap map(0x100, kPieces, /*only_pieces=*/false);
  EXPECT_EQ(At(map, 0x1000), 0x9000u);
  EXPECT_EQ(At(map, 0x100f), 0x900fu);
  EXPECT_EQ(At(map, 0x1010), 0x7000u);
  EXPECT_EQ(At(map, 0x200f), 0x500fu);
}

TEST(AddressMap, LeavesWhatIsBetweenPiecesWithTheBulk) {
  const AddressMap map(0x100, kPieces, /*only_pieces=*/false);
  EXPECT_EQ(At(map, 0xfff), 0x10ffu);
  EXPECT_EQ(At(map, 0x1020), 0x1120u);
  EXPECT_EQ(At(map, 0x2010), 0x2110u);
}

TEST(AddressMap, GivesTheEndOfAPieceToItWhereThereIsNothingElse) {
  const AddressMap map(0x100, kPieces, /*only_pieces=*/true);
  EXPECT_EQ(At(map, 0x1010), 0x7000u);
  EXPECT_EQ(At(map, 0x1020), 0x7010u);
  EXPECT_EQ(At(map, 0x2010), 0x5010u);
}

TEST(AddressMap, KnowsWhatItLedTo) {
  const LinkRange bulk = {LinkAddr(0), 0x3000};
  const AddressMap with_bulk(0x100, kPieces, /*only_pieces=*/false);
  EXPECT_TRUE(with_bulk.Contains(RuntimeAddr(0x9008), bulk));
  EXPECT_TRUE(with_bulk.Contains(RuntimeAddr(0x1100), bulk));
  EXPECT_FALSE(with_bulk.Contains(RuntimeAddr(0x8000), bulk));
  const AddressMap alone(0x100, kPieces, /*only_pieces=*/true);
  EXPECT_FALSE(alone.Contains(RuntimeAddr(0x1100), bulk));
}

}  // namespace
}  // namespace relink
