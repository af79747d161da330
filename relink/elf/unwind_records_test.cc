// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/unwind_records.h"

#include <cstring>
#include <initializer_list>
#include <string>

#include "gtest/gtest.h"
#include "relink/elf/eh_frame.h"
#include "relink/elf/testing/elf_types.h"
#include "relink/elf/testing/image_builder.h"
#include "relink/elf/testing/parsed_image.h"
#include "relink/elf/testing/system_library.h"

namespace relink::elf {
namespace {

// Of the built image: a CIE of 24 bytes, then an FDE of 20.
constexpr uint64_t kFrameAt = 24;

template <class E>
class UnwindRecordsOf : public testing::Test {
 protected:
  static Image<E> Build() {
    ImageSpec spec;
    spec.text = Bytes(32);
    spec.eh_frame = true;
    return BuildImage<E>(spec);
  }
  LinkAddr begin() const { return LinkAddr(image_.place(".eh_frame").addr); }
  UnwindRecords<E> Records() const {
    const Place& place = image_.place(".eh_frame");
    return {
        ByteView(
            ByteView(image_.bytes).bytes().subspan(place.offset, place.size)),
        begin()};
  }
  FrameRecord Only() const {
    auto records = Records();
    const auto frame = records.Next();
    return frame.ok() && *frame != nullptr ? **frame : FrameRecord{};
  }
  std::string Problem() const {
    const char* problem = Only().problem;
    return problem == nullptr ? "" : problem;
  }
  typename E::Word& Word(uint64_t i) {
    return image_.template At<typename E::Word>(".eh_frame", i);
  }
  uint8_t& Byte(uint64_t i) {
    return reinterpret_cast<uint8_t&>(
        image_.bytes.at(image_.place(".eh_frame").offset + i));
  }

  Image<E> image_ = Build();
};
TYPED_TEST_SUITE(UnwindRecordsOf, ElfTypes, ElfTypeName);

TYPED_TEST(UnwindRecordsOf, AnImageAreReadWithTheirPlaces) {
  const FrameRecord frame = this->Only();
  EXPECT_STREQ(frame.problem, nullptr);
  EXPECT_EQ(frame.record, (LinkRange{this->begin() + kFrameAt, 20}));
  EXPECT_EQ(frame.code,
            (LinkRange{LinkAddr(this->image_.place(".text").addr), 32}));
  EXPECT_EQ(frame.code_pointer.at, 8u);
  EXPECT_EQ(frame.code_pointer.encoding, kPePcrel | kPeSdata4);
  EXPECT_FALSE(frame.lsda.present());
  EXPECT_EQ(frame.instructions.end(), frame.record.end());
  EXPECT_EQ(frame.common.record, (LinkRange{this->begin(), kFrameAt}));
  EXPECT_EQ(frame.common.return_column, 16u);
  EXPECT_FALSE(frame.common.personality.present());
  EXPECT_EQ(frame.common.instructions.end(), frame.common.record.end());
}

TYPED_TEST(UnwindRecordsOf, AnImageEndWithTheSection) {
  auto records = this->Records();
  ASSERT_TRUE(records.Next().ok());
  const auto end = records.Next();
  ASSERT_TRUE(end.ok()) << end.error().what;
  EXPECT_EQ(*end, nullptr);
}

TYPED_TEST(UnwindRecordsOf, AnImageAreReadOneByOneToo) {
  auto records = this->Records();
  const auto frame = records.Read(this->begin() + kFrameAt);
  ASSERT_TRUE(frame.ok()) << frame.error().what;
  EXPECT_EQ(frame->code.size, 32u);
  EXPECT_EQ(records.Read(this->begin()).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(records.Read(this->begin() - 1).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(records.Read(this->begin() + 0x10000).error().code,
            ErrorCode::kNotFound);
}

TYPED_TEST(UnwindRecordsOf, AnUnknownVersionOrAugmentationAreNotUnderstood) {
  this->Byte(8) = 2;
  EXPECT_EQ(this->Problem(), "unwind record is of an unknown version");
  this->Byte(8) = 1;
  this->Byte(9) = 'e';
  EXPECT_EQ(this->Problem(), "unwind record has an unknown augmentation");
  this->Byte(9) = 'z';
  this->Byte(10) = 'B';
  EXPECT_EQ(this->Problem(), "unwind record has an unknown augmentation");
}

TYPED_TEST(UnwindRecordsOf, AnUnknownEncodingAreNotUnderstood) {
  this->Byte(16) = 0x30 | kPeSdata4;  // DW_EH_PE_datarel.
  EXPECT_EQ(this->Problem(), "unwind record has a pointer of unknown encoding");
  EXPECT_EQ(this->Only().code.size, 0u);
  this->Byte(16) = kPeIndirect | kPePcrel | kPeSdata4;
  EXPECT_EQ(this->Problem(), "unwind record has a pointer of unknown encoding");
}

TYPED_TEST(UnwindRecordsOf, ASignalHandlerSaySo) {
  EXPECT_FALSE(this->Only().common.signal_frame);
  this->Byte(10) = 'S';
  // Without 'R' pointers are absolute.
  const FrameRecord frame = this->Only();
  EXPECT_TRUE(frame.common.signal_frame);
  EXPECT_EQ(frame.code_pointer.encoding, kPeAbsptr);
}

TYPED_TEST(UnwindRecordsOf, BoundCodeKeepItsRange) {
  this->Byte(17) = 0x3f;  // In the CIE: an unknown instruction.
  EXPECT_EQ(this->Problem(), "unwind instruction is not understood");
  EXPECT_EQ(this->Only().code.size, 32u);
  this->Byte(17) = 0;
  this->Byte(kFrameAt + 17) = 0x01;  // In the FDE: DW_CFA_set_loc.
  EXPECT_EQ(this->Problem(), "unwind instruction holds an address");
  EXPECT_EQ(this->Only().code.size, 32u);
}

TYPED_TEST(UnwindRecordsOf, AMissingCommonRecordAreMalformed) {
  this->Word(7) = kFrameAt + 5;  // Before the section.
  EXPECT_EQ(this->Problem(), "unwind record is malformed");
  this->Word(7) = 4u;  // Itself.
  EXPECT_EQ(this->Problem(), "unwind record is malformed");
}

TYPED_TEST(UnwindRecordsOf, ATooLongAugmentationAreMalformed) {
  this->Byte(kFrameAt + 16) = 100;
  EXPECT_EQ(this->Problem(), "unwind record is malformed");
  this->Byte(kFrameAt + 16) = 0;
  this->Byte(15) = 200;  // The CIE's.
  EXPECT_EQ(this->Problem(), "unwind record is malformed");
}

TYPED_TEST(UnwindRecordsOf, AZeroWordIsSteppedOver) {
  // The CIE's place is taken by zeros, so that nothing can be read of the FDE
  // behind; but it is found.
  for (uint64_t i = 0; i < 6; ++i) this->Word(i) = 0u;
  EXPECT_EQ(this->Only().record.begin, this->begin() + kFrameAt);
  EXPECT_EQ(this->Problem(), "unwind record is malformed");
}

TYPED_TEST(UnwindRecordsOf, AWrongLengthEndReading) {
  this->Word(6) = 0x1000u;
  auto records = this->Records();
  EXPECT_EQ(records.Next().error().code, ErrorCode::kOutOfRange);
  this->Word(6) = UINT32_MAX;
  auto others = this->Records();
  EXPECT_EQ(others.Next().error().code, ErrorCode::kUnsupported);
}

// One record of the test's own process: a CIE "zPLR" and an FDE with an LSDA.
TEST(UnwindRecords, SayWhereAPersonalityAndItsDataAre) {
  const Bytes bytes = BytesOf(
      {// Length 28, id, version 1, "zPLR", factors 1 and -8, column 16.
       28, 0, 0, 0, 0, 0, 0, 0, 1, 'z', 'P', 'L', 'R', 0, 1, 0x78, 16,
       // 7 bytes: indirect pcrel sdata4, a distance, pcrel sdata4 twice.
       7, 0x9b, 0xed, 0x01, 0, 0, 0x1b, 0x1b,
       // DW_CFA_def_cfa: r7 + 8, offset: r16 at cfa - 8, nop.
       0x0c, 7, 8, 0x90, 1, 0, 0,
       // Length 24, back to the CIE, the code and its size.
       24, 0, 0, 0, 36, 0, 0, 0, 0, 0, 1, 0, 0x40, 0, 0, 0,
       // 4 bytes: the LSDA; DW_CFA_nop.
       4, 0xf0, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0});
  UnwindRecords<Elf64Le> records(ByteView(bytes), LinkAddr(0x1000));
  const auto next = records.Next();
  ASSERT_TRUE(next.ok()) << next.error().what;
  ASSERT_NE(*next, nullptr);
  const FrameRecord& frame = **next;
  EXPECT_STREQ(frame.problem, nullptr);
  EXPECT_EQ(frame.code, (LinkRange{LinkAddr(0x11028), 0x40}));
  EXPECT_EQ(frame.lsda.at, 17u);
  EXPECT_EQ(frame.lsda.target, LinkAddr(0x1020 + 17 - 16));
  EXPECT_EQ(frame.common.personality.at, 19u);
  EXPECT_EQ(frame.common.personality.encoding, 0x9b);
  EXPECT_EQ(frame.common.personality.target, LinkAddr(0x1000 + 19 + 0x1ed));
}

TEST(UnwindRecords, OfRealLibrariesAreThoseThatTheirIndexHas) {
  for (const char* name : {"libc.so.6", "libstdc++.so.6", "libgcc_s.so.1"}) {
    const Bytes bytes = FileBytes(SystemLibraryPath(name));
    const ParsedImage<Elf64Le> image{ByteView(bytes)};
    for (const Phdr<Elf64Le>& segment : image.file.segments()) {
      if (segment.p_type != kPtGnuEhFrame) continue;
      const auto found = ValueOrThrow(FindEhFrame<Elf64Le>(
          image.view, {LinkAddr(segment.p_vaddr), segment.p_memsz}));
      UnwindRecords<Elf64Le> records(
          ValueOrThrow(
              image.view.Slice(found.records.begin, found.records.size)),
          found.records.begin);
      uint64_t count = 0;
      uint64_t understood = 0;
      while (const FrameRecord* frame = ValueOrThrow(records.Next())) {
        ++count;
        EXPECT_NE(frame->code.size, 0u) << name << " " << count;
        if (frame->problem == nullptr) ++understood;
      }
      EXPECT_EQ(count, found.entry_count) << name;
      EXPECT_GT(understood, count * 98 / 100) << name;
    }
  }
}

}  // namespace
}  // namespace relink::elf
