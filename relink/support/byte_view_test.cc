// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/support/byte_view.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "gtest/gtest.h"

namespace relink {
namespace {

constexpr char kText[] = "abc\0def";  // The last NUL belongs to the literal.

ByteView Text() { return ByteView(kText, sizeof(kText) - 1); }

TEST(ByteView, IsEmptyByDefault) {
  EXPECT_EQ(ByteView().size(), 0u);
  EXPECT_TRUE(ByteView().Slice(0, 0).ok());
  EXPECT_FALSE(ByteView().Slice(0, 1).ok());
}

TEST(ByteView, SlicesUpToItsEnd) {
  auto slice = Text().Slice(4, 3);
  ASSERT_TRUE(slice.ok());
  EXPECT_EQ(std::memcmp(slice->data(), "def", 3), 0);
  EXPECT_TRUE(Text().Slice(7, 0).ok());
}

TEST(ByteView, RefusesSlicesPastItsEnd) {
  auto slice = Text().Slice(5, 3);
  ASSERT_FALSE(slice.ok());
  EXPECT_EQ(slice.error().code, ErrorCode::kOutOfRange);
  EXPECT_EQ(slice.error().offset, 5u);
  EXPECT_FALSE(Text().Slice(8, 0).ok());
}

TEST(ByteView, RefusesSlicesWhoseEndWraps) {
  EXPECT_FALSE(Text().Slice(2, UINT64_MAX).ok());
  EXPECT_FALSE(Text().Slice(UINT64_MAX, 2).ok());
  EXPECT_FALSE(Text().Slice(UINT64_MAX, UINT64_MAX).ok());
}

TEST(ByteView, FromGivesTheRest) {
  auto rest = Text().From(4);
  ASSERT_TRUE(rest.ok());
  EXPECT_EQ(rest->size(), 3u);
  EXPECT_EQ(Text().From(7)->size(), 0u);
  EXPECT_FALSE(Text().From(8).ok());
}

TEST(ByteView, CStringEndsAtItsNul) {
  auto string = Text().CString(1);
  ASSERT_TRUE(string.ok());
  EXPECT_TRUE(*string == StringRef("bc"));
  EXPECT_TRUE(Text().CString(3)->empty());
}

TEST(ByteView, RefusesAnUnterminatedString) {
  auto string = Text().CString(4);
  ASSERT_FALSE(string.ok());
  EXPECT_EQ(string.error().code, ErrorCode::kMalformed);
}

TEST(ByteView, RefusesAStringThatStartsAtItsEnd) {
  auto string = Text().CString(7);
  ASSERT_FALSE(string.ok());
  EXPECT_EQ(string.error().code, ErrorCode::kOutOfRange);
  EXPECT_FALSE(ByteView().CString(0).ok());
}

TEST(ByteView, ReadsARecordAtAnOddOffset) {
  auto record = Text().Record<Le<uint16_t>>(1);
  ASSERT_TRUE(record.ok());
  EXPECT_EQ(uint16_t{**record}, 'b' | 'c' << 8);
}

TEST(ByteView, RefusesARecordThatStraddlesItsEnd) {
  EXPECT_TRUE(Text().Record<Le<uint32_t>>(3).ok());
  EXPECT_FALSE(Text().Record<Le<uint32_t>>(4).ok());
  EXPECT_FALSE(Text().Record<Le<uint32_t>>(UINT64_MAX).ok());
}

TEST(ByteView, ReadsRecordsThatFillIt) {
  auto records = Text().Records<Le<uint16_t>>(1, 3);
  ASSERT_TRUE(records.ok());
  EXPECT_EQ(records->size(), 3u);
  EXPECT_EQ(uint16_t{(*records)[2]}, 'e' | 'f' << 8);
  EXPECT_TRUE(Text().Records<Le<uint16_t>>(7, 0).ok());
}

TEST(ByteView, RefusesOneRecordTooMany) {
  EXPECT_FALSE(Text().Records<Le<uint16_t>>(2, 3).ok());
}

TEST(ByteView, RefusesARecordCountWhoseSizeWraps) {
  EXPECT_FALSE(Text().Records<Le<uint64_t>>(0, uint64_t{1} << 61).ok());
  EXPECT_FALSE(Text().Records<Le<uint64_t>>(0, UINT64_MAX).ok());
}

}  // namespace
}  // namespace relink
