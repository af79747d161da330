// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/support/byte_order.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

#include "gtest/gtest.h"

namespace relink {
namespace {

template <typename T>
using Be = Packed<T, std::endian::big>;

template <typename T>
class PackedOf : public testing::Test {};
using Integers = testing::Types<uint8_t, int8_t, uint16_t, int16_t, uint32_t,
                                int32_t, uint64_t, int64_t>;
TYPED_TEST_SUITE(PackedOf, Integers);

TYPED_TEST(PackedOf, KeepsExtremeValuesInBothOrders) {
  for (TypeParam value :
       {std::numeric_limits<TypeParam>::min(), TypeParam{0}, TypeParam{1},
        static_cast<TypeParam>(0x8040201008040201),
        std::numeric_limits<TypeParam>::max()}) {
    EXPECT_EQ(TypeParam{Le<TypeParam>(value)}, value);
    EXPECT_EQ(TypeParam{Be<TypeParam>(value)}, value);
  }
}

TYPED_TEST(PackedOf, HasTheIntegersSizeAndNoAlignment) {
  EXPECT_EQ(sizeof(Le<TypeParam>), sizeof(TypeParam));
  EXPECT_EQ(alignof(Be<TypeParam>), 1u);
}

TEST(Packed, LittleEndianStoresTheLowByteFirst) {
  const Le<uint32_t> packed = 0x11223344;
  EXPECT_EQ(std::memcmp(&packed, "\x44\x33\x22\x11", 4), 0);
}

TEST(Packed, BigEndianStoresTheHighByteFirst) {
  const Be<uint32_t> packed = 0x11223344;
  EXPECT_EQ(std::memcmp(&packed, "\x11\x22\x33\x44", 4), 0);
}

TEST(Packed, ReadsAtAnyAlignment) {
  const unsigned char bytes[] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
  Be<uint64_t> packed;
  std::memcpy(&packed, bytes + 1, sizeof(packed));
  EXPECT_EQ(uint64_t{packed}, 0x0102030405060708u);
}

struct Record {
  Le<uint64_t> wide;
  Be<uint16_t> narrow;
  std::byte raw;
};
struct Padded {
  char tag;
  uint32_t value;
};

TEST(OnDisk, AcceptsPackedMembersWithoutPadding) {
  EXPECT_TRUE(OnDisk<Record>);
  EXPECT_EQ(sizeof(Record), 11u);
}

TEST(OnDisk, RefusesAlignedMembers) { EXPECT_FALSE(OnDisk<Padded>); }

}  // namespace
}  // namespace relink
