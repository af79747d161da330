// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/dwarf_cursor.h"

#include <initializer_list>
#include <vector>

#include "gtest/gtest.h"
#include "relink/elf/testing/image_spec.h"

namespace relink::elf {
namespace {

constexpr uint64_t kBegin = 0x1000;

class Numbers {
 public:
  Numbers(std::initializer_list<unsigned> bytes) : bytes_(BytesOf(bytes)) {}
  template <class E = Elf64Le>
  DwarfCursor<E> cursor() const {
    return DwarfCursor<E>(ByteView(bytes_), LinkAddr(kBegin));
  }

 private:
  Bytes bytes_;
};

TEST(DwarfCursor, ReadsNumbersOfVariableLength) {
  // The examples of DWARF 5, figures C.1 and C.3, and the longest.
  const Numbers numbers = {2,    127,  0x80, 1,    0xb9, 0x64, 2,    0x7e,
                           0xff, 0x00, 0x81, 0x7f, 0x80, 0x80, 0x80, 0x80,
                           0x80, 0x80, 0x80, 0x80, 0x80, 0x7f};
  auto cursor = numbers.cursor();
  EXPECT_EQ(cursor.Uleb128(), 2u);
  EXPECT_EQ(cursor.Uleb128(), 127u);
  EXPECT_EQ(cursor.Uleb128(), 128u);
  EXPECT_EQ(cursor.Uleb128(), 12857u);
  EXPECT_EQ(cursor.Sleb128(), 2);
  EXPECT_EQ(cursor.Sleb128(), -2);
  EXPECT_EQ(cursor.Sleb128(), 127);
  EXPECT_EQ(cursor.Sleb128(), -127);
  EXPECT_EQ(cursor.Sleb128(), INT64_MIN);
  EXPECT_TRUE(cursor.ok());
  EXPECT_TRUE(cursor.at_end());
}

TEST(DwarfCursor, ReadsZerosPastTheEnd) {
  const Numbers numbers = {0x80};
  auto cursor = numbers.cursor();
  EXPECT_EQ(cursor.Uleb128(), 0u);
  EXPECT_FALSE(cursor.ok());
  EXPECT_TRUE(cursor.at_end());
  EXPECT_EQ(cursor.Byte(), 0u);
}

TEST(DwarfCursor, DoesNotSkipPastTheEnd) {
  const Numbers numbers = {1, 2};
  auto cursor = numbers.cursor();
  cursor.Skip(2);
  EXPECT_TRUE(cursor.ok());
  cursor.Skip(1);
  EXPECT_FALSE(cursor.ok());
  auto other = numbers.cursor();
  other.Skip(UINT64_MAX);
  EXPECT_FALSE(other.ok());
}

TEST(DwarfCursor, ReadsEachFormatOfPointers) {
  const Numbers numbers = {0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
  EXPECT_EQ(numbers.cursor().Value(kPeAbsptr), ~uint64_t{1});
  EXPECT_EQ(numbers.cursor<Elf32Le>().Value(kPeAbsptr), 0xfffffffe);
  EXPECT_EQ(numbers.cursor().Value(kPeUdata2), 0xfffeu);
  EXPECT_EQ(numbers.cursor().Value(kPeUdata4), 0xfffffffeu);
  EXPECT_EQ(numbers.cursor().Value(kPeUdata8), ~uint64_t{1});
  EXPECT_EQ(numbers.cursor().Value(kPeSdata2), ~uint64_t{1});
  EXPECT_EQ(numbers.cursor().Value(kPeSdata4), ~uint64_t{1});
  EXPECT_EQ(numbers.cursor().Value(kPeSdata8), ~uint64_t{1});
  EXPECT_EQ(numbers.cursor<Elf32Be>().Value(kPeSdata2), ~uint64_t{0x100});
  auto unknown = numbers.cursor();
  unknown.Value(0x07);
  EXPECT_FALSE(unknown.ok());
}

TEST(DwarfCursor, CountsPointersFromTheirPlaces) {
  const Numbers numbers = {0xaa, 0xfc, 0xff, 0xff, 0xff, 0, 0, 0, 0};
  auto cursor = numbers.cursor();
  cursor.Skip(1);
  const EncodedPointer pointer = cursor.Pointer(kPePcrel | kPeSdata4);
  EXPECT_EQ(pointer.at, 1u);
  EXPECT_EQ(pointer.target, LinkAddr(kBegin + 1 - 4));
  // Zero points nowhere.
  EXPECT_EQ(cursor.Pointer(kPePcrel | kPeSdata4).target, LinkAddr(0));
  EXPECT_TRUE(cursor.at_end());
  EXPECT_FALSE(cursor.Pointer(kPeOmit).present());
  EXPECT_TRUE(cursor.ok());
}

TEST(DwarfCursor, KnowsWhichPointersCanBeStoredElsewhere) {
  EXPECT_TRUE(IsRelocatable<Elf64Le>(kPeAbsptr));
  EXPECT_TRUE(IsRelocatable<Elf64Le>(kPePcrel | kPeSdata4));
  EXPECT_TRUE(IsRelocatable<Elf64Le>(kPeIndirect | kPePcrel | kPeSdata8));
  EXPECT_TRUE(IsRelocatable<Elf64Le>(kPeUdata8));
  EXPECT_TRUE(IsRelocatable<Elf32Le>(kPeUdata4));
  EXPECT_FALSE(IsRelocatable<Elf64Le>(kPeUdata4));
  EXPECT_FALSE(IsRelocatable<Elf32Le>(kPePcrel | kPeSdata8));
  EXPECT_FALSE(IsRelocatable<Elf64Le>(kPePcrel | kPeUdata2));
  EXPECT_FALSE(IsRelocatable<Elf64Le>(0x30 | kPeSdata4));  // DW_EH_PE_datarel.
  EXPECT_FALSE(IsRelocatable<Elf64Le>(0x50));              // DW_EH_PE_aligned.
  EXPECT_FALSE(IsRelocatable<Elf64Le>(kPeOmit));
}

}  // namespace
}  // namespace relink::elf
