// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/eh_frame.h"

#include "gtest/gtest.h"
#include "relink/elf/testing/elf_types.h"
#include "relink/elf/testing/image_builder.h"
#include "relink/elf/testing/image_symbols.h"
#include "relink/elf/testing/parsed_image.h"

namespace relink::elf {
namespace {

// The CIE takes words 0 to 5 of .eh_frame, the only FDE 6 to 10, the end is 11.
constexpr uint64_t kRecordsSize = 44;

template <class E>
class EhFrameOf : public testing::Test {
 protected:
  static Image<E> Build() {
    ImageSpec spec;
    spec.text = Bytes(32);
    spec.eh_frame = true;
    return BuildImage<E>(spec);
  }
  typename E::Word& HeaderWord(uint64_t i) {
    return image_.template At<typename E::Word>(".eh_frame_hdr", i);
  }
  typename E::Word& FrameWord(uint64_t i) {
    return image_.template At<typename E::Word>(".eh_frame", i);
  }
  Result<EhFrame> Find() const {
    const auto file = ValueOrThrow(ElfFile<E>::Parse(image_.view()));
    const Place& header = image_.place(".eh_frame_hdr");
    return FindEhFrame<E>(AddressView<E>::OfFile(file),
                          {LinkAddr(header.addr), header.size});
  }

  Image<E> image_ = Build();
};
TYPED_TEST_SUITE(EhFrameOf, ElfTypes, ElfTypeName);

TYPED_TEST(EhFrameOf, IsFoundWithItsTerminator) {
  auto frame = this->Find();
  ASSERT_TRUE(frame.ok()) << frame.error().what;
  EXPECT_EQ(frame->records.begin.value(), this->image_.place(".eh_frame").addr);
  EXPECT_EQ(frame->records.size, kRecordsSize);
  EXPECT_EQ(frame->entry_count, 1u);
  EXPECT_TRUE(frame->terminated);
}

TYPED_TEST(EhFrameOf, IsNotTerminatedWhereItsSegmentEnds) {
  // Cut the segment in front of the zero word.
  Phdr<TypeParam>& segment = this->image_.segment(kPtLoad);
  segment.p_filesz = segment.p_memsz = static_cast<typename TypeParam::Native>(
      this->image_.place(".eh_frame").addr + kRecordsSize);
  auto frame = this->Find();
  ASSERT_TRUE(frame.ok()) << frame.error().what;
  EXPECT_FALSE(frame->terminated);
  EXPECT_EQ(frame->records.size, kRecordsSize);
}

TYPED_TEST(EhFrameOf, WithoutEntriesHasNothingToRegister) {
  this->HeaderWord(2) = 0u;
  auto frame = this->Find();
  ASSERT_TRUE(frame.ok());
  EXPECT_TRUE(frame->terminated);
  EXPECT_EQ(frame->records.size, 0u);
}

TYPED_TEST(EhFrameOf, IncludesRecordsAfterTheLastIndexedOne) {
  this->HeaderWord(4) = this->HeaderWord(4) - 24;  // Index the CIE instead.
  auto frame = this->Find();
  ASSERT_TRUE(frame.ok());
  EXPECT_EQ(frame->records.size, kRecordsSize);
}

TYPED_TEST(EhFrameOf, IsNotFoundInAnUnknownVersion) {
  auto& word = this->image_.template At<Packed<uint8_t, TypeParam::kOrder>>(
      ".eh_frame_hdr", 0);
  word = uint8_t{2};
  EXPECT_EQ(this->Find().error().code, ErrorCode::kMalformed);
}

TYPED_TEST(EhFrameOf, IsNotFoundInOtherEncodings) {
  for (uint64_t i : {1, 2, 3}) {
    this->image_ = TestFixture::Build();
    this->image_.template At<Packed<uint8_t, TypeParam::kOrder>>(
        ".eh_frame_hdr", i) = uint8_t{0xff};
    EXPECT_EQ(this->Find().error().code, ErrorCode::kUnsupported);
  }
}

TYPED_TEST(EhFrameOf, IsNotFoundOutsideOfTheImage) {
  this->HeaderWord(1) = 0x80000000u;  // Two gigabytes back: below zero.
  EXPECT_EQ(this->Find().error().code, ErrorCode::kOutOfRange);
}

TYPED_TEST(EhFrameOf, RefusesMoreEntriesThanItsHeaderHolds) {
  this->HeaderWord(2) = 2u;
  EXPECT_EQ(this->Find().error().code, ErrorCode::kOutOfRange);
}

TYPED_TEST(EhFrameOf, RefusesARecordBeforeItsStart) {
  this->HeaderWord(4) = 0u;
  EXPECT_EQ(this->Find().error().code, ErrorCode::kMalformed);
}

TYPED_TEST(EhFrameOf, RefusesARecordThatLeavesItsSegment) {
  this->FrameWord(6) = 0x10000u;
  EXPECT_EQ(this->Find().error().code, ErrorCode::kOutOfRange);
}

TYPED_TEST(EhFrameOf, DoesNotReadRecordsOf64BitLength) {
  this->FrameWord(6) = UINT32_MAX;
  EXPECT_EQ(this->Find().error().code, ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace relink::elf
