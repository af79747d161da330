// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/reloc/apply.h"

#include <elf.h>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "gtest/gtest.h"
#include "relink/arch/relocation_rule.h"
#include "relink/arch/target.h"
#include "relink/elf/records.h"
#include "relink/elf/testing/elf_types.h"

namespace relink {
namespace {

using elf::Elf64Le;

constexpr uint64_t kBias = 0x7000'0000'0000;
constexpr uint64_t kPart = 0x2000;  // The link address of the writable part.
constexpr uint64_t kUntouched = 0xaaaa'aaaa'aaaa'aaaa;

// Binds every symbol to `symbol`, TLS to fixed values, and can refuse to.
struct FakeBinder {
  const BoundSymbol* Bind(uint32_t index, const RelocationRule& rule) {
    bound_index = index;
    lookup = rule.lookup;
    return refuses ? nullptr : &symbol;
  }
  bool TlsModule(const BoundSymbol&, uint64_t* value) const {
    *value = 11;
    return !refuses_tls;
  }
  bool TlsOffset(const BoundSymbol&, uint64_t addend, uint64_t* value) const {
    *value = 0x20 + addend;
    return !refuses_tls;
  }
  bool ThreadOffset(const BoundSymbol&, uint64_t addend,
                    uint64_t* value) const {
    *value = addend - 0x40;
    return !refuses_tls;
  }
  bool TlsDescriptor(const BoundSymbol&, uint64_t addend,
                     uint64_t* value) const {
    value[0] = 0xf00;
    value[1] = addend;
    return !refuses_tls;
  }
  void Defer(const PendingIndirect& indirect) { pending.push_back(indirect); }

  BoundSymbol symbol{.address = 0x5000'0000, .size = 24, .defined = true};
  bool refuses = false;
  bool refuses_tls = false;
  uint32_t bound_index = 0;
  Lookup lookup = Lookup::kAny;
  std::vector<PendingIndirect> pending;
};

// An image with one writable part, of 64 bytes at kPart.
class Apply : public testing::Test {
 protected:
  Apply() { words_.fill(kUntouched); }

  static elf::Rela<Elf64Le> Rela(uint32_t type, uint64_t at, int64_t addend) {
    elf::Rela<Elf64Le> record;
    record.r_offset = at;
    record.r_info = (uint64_t{5} << 32) | type;
    record.r_addend = addend;
    return record;
  }

  template <class Record>
  bool Table(std::vector<Record> table) {
    return ApplyTable<Elf64Le>(HostTarget(), std::span<const Record>(table),
                               image_, binder_, &failure_);
  }
  // One relocation of the first word.
  bool One(uint32_t type, int64_t addend) {
    return Table<elf::Rela<Elf64Le>>({Rela(type, kPart, addend)});
  }

  std::byte* Bytes() { return reinterpret_cast<std::byte*>(words_.data()); }

  std::array<uint64_t, 8> words_;
  std::array<RelocatableImage::Part, 1> parts_{
      {{{LinkAddr(kPart), sizeof(words_)}, Bytes()}}};
  RelocatableImage image_{parts_, AddressMap(kBias)};
  FakeBinder binder_;
  ApplyFailure failure_{};
};

TEST_F(Apply, NoneChangesNothing) {
  // Not even a place is needed.
  EXPECT_TRUE(Table<elf::Rela<Elf64Le>>({Rela(R_X86_64_NONE, 0, 1)}));
  EXPECT_EQ(words_[0], kUntouched);
}

TEST_F(Apply, RelativeAddsTheBias) {
  EXPECT_TRUE(One(R_X86_64_RELATIVE, 0x1234));
  EXPECT_EQ(words_[0], kBias + 0x1234);
  EXPECT_TRUE(One(R_X86_64_RELATIVE64, -16));
  EXPECT_EQ(words_[0], kBias - 16);
  EXPECT_EQ(words_[1], kUntouched);
}

TEST_F(Apply, SymbolAddsTheAddend) {
  EXPECT_TRUE(One(R_X86_64_64, -8));
  EXPECT_EQ(words_[0], 0x5000'0000u - 8);
  EXPECT_EQ(binder_.bound_index, 5u);
  EXPECT_EQ(binder_.lookup, Lookup::kAny);
}

TEST_F(Apply, AddressIgnoresTheAddend) {
  EXPECT_TRUE(One(R_X86_64_GLOB_DAT, 99));
  EXPECT_EQ(words_[0], 0x5000'0000u);
  EXPECT_EQ(binder_.lookup, Lookup::kAny);
  EXPECT_TRUE(One(R_X86_64_JUMP_SLOT, 99));
  EXPECT_EQ(words_[0], 0x5000'0000u);
  EXPECT_EQ(binder_.lookup, Lookup::kCall);
}

TEST_F(Apply, PcRelativeCountsFromThePlace) {
  EXPECT_TRUE(Table<elf::Rela<Elf64Le>>({Rela(R_X86_64_PC64, kPart + 8, 4)}));
  EXPECT_EQ(words_[1], 0x5000'0000u + 4 - (kBias + kPart + 8));
}

TEST_F(Apply, SizeIsTheSymbols) {
  EXPECT_TRUE(One(R_X86_64_SIZE64, 2));
  EXPECT_EQ(words_[0], 26u);
}

TEST_F(Apply, NarrowFieldsLeaveTheBytesBesideThem) {
  EXPECT_TRUE(
      Table<elf::Rela<Elf64Le>>({Rela(R_X86_64_32, kPart + 2, 0x1234)}));
  EXPECT_EQ(words_[0], 0xaaaa'5000'1234'aaaau);
}

TEST_F(Apply, ValueThatDoesNotFitIsReportedAndNotStored) {
  binder_.symbol.address = 0x1'2345'6789;
  const std::vector<elf::Rela<Elf64Le>> table = {
      Rela(R_X86_64_64, kPart + 8, 0), Rela(R_X86_64_32, kPart, 1)};
  EXPECT_FALSE(Table(table));
  EXPECT_EQ(failure_.code, ErrorCode::kOutOfRange);
  EXPECT_EQ(failure_.index, 1u);
  EXPECT_EQ(failure_.value, 0x1'2345'678au);
  EXPECT_EQ(words_[0], kUntouched);
}

TEST_F(Apply, CopyTakesTheBytesOfTheDefinition) {
  const uint64_t original[] = {1, 2, 3};
  binder_.symbol.address = reinterpret_cast<uint64_t>(original);
  EXPECT_TRUE(One(R_X86_64_COPY, 0));
  EXPECT_EQ(words_[0], 1u);
  EXPECT_EQ(words_[2], 3u);
  EXPECT_EQ(words_[3], kUntouched);
  EXPECT_EQ(binder_.lookup, Lookup::kCopy);
}

TEST_F(Apply, CopyLargerThanItsSegmentIsRefused) {
  binder_.symbol.size = sizeof(words_) + 1;
  EXPECT_FALSE(One(R_X86_64_COPY, 0));
  EXPECT_EQ(failure_.code, ErrorCode::kOutOfRange);
}

TEST_F(Apply, ThreadLocalValuesComeFromTheBinder) {
  EXPECT_TRUE(Table<elf::Rela<Elf64Le>>({
      Rela(R_X86_64_DTPMOD64, kPart, 0),
      Rela(R_X86_64_DTPOFF64, kPart + 8, 3),
      Rela(R_X86_64_TPOFF64, kPart + 16, 4),
      Rela(R_X86_64_TLSDESC, kPart + 24, 5),
  }));
  EXPECT_EQ(words_[0], 11u);
  EXPECT_EQ(words_[1], 0x23u);
  EXPECT_EQ(words_[2], uint64_t{4} - 0x40);
  EXPECT_EQ(words_[3], 0xf00u);
  EXPECT_EQ(words_[4], 5u);
}

TEST_F(Apply, UndefinedWeakThreadLocalIsLeftAloneButForItsDescriptor) {
  binder_.symbol = {};
  EXPECT_TRUE(Table<elf::Rela<Elf64Le>>({
      Rela(R_X86_64_DTPMOD64, kPart, 0),
      Rela(R_X86_64_DTPOFF64, kPart + 8, 0),
      Rela(R_X86_64_TPOFF64, kPart + 16, 0),
      Rela(R_X86_64_TLSDESC, kPart + 24, 5),
  }));
  EXPECT_EQ(words_[0], kUntouched);
  EXPECT_EQ(words_[1], kUntouched);
  EXPECT_EQ(words_[2], kUntouched);
  EXPECT_EQ(words_[3], 0xf00u);
}

TEST_F(Apply, DescriptorNeedsRoomForTwoWords) {
  EXPECT_FALSE(Table<elf::Rela<Elf64Le>>(
      {Rela(R_X86_64_TLSDESC, kPart + sizeof(words_) - 8, 0)}));
  EXPECT_EQ(failure_.code, ErrorCode::kOutOfRange);
  EXPECT_EQ(words_.back(), kUntouched);
}

TEST_F(Apply, IndirectValuesAreLeftForLater) {
  EXPECT_TRUE(One(R_X86_64_IRELATIVE, 0x100));
  binder_.symbol.indirect = true;
  EXPECT_TRUE(Table<elf::Rela<Elf64Le>>({Rela(R_X86_64_JUMP_SLOT, kPart + 8, 7),
                                         Rela(R_X86_64_64, kPart + 16, 7)}));
  ASSERT_EQ(binder_.pending.size(), 3u);
  EXPECT_EQ(binder_.pending[0].resolver, RuntimeAddr(kBias + 0x100));
  EXPECT_EQ(binder_.pending[0].place, Bytes());
  EXPECT_EQ(binder_.pending[0].link_place, LinkAddr(kPart));
  EXPECT_EQ(binder_.pending[1].resolver, RuntimeAddr(0x5000'0000));
  EXPECT_EQ(binder_.pending[1].addend, 0u);
  EXPECT_EQ(binder_.pending[2].addend, 7u);
  EXPECT_EQ(words_[0], kUntouched);
}

TEST_F(Apply, AddendOfRelStandsInThePlace) {
  elf::Rel<Elf64Le> relative;
  relative.r_offset = kPart;
  relative.r_info = R_X86_64_RELATIVE;
  elf::Rel<Elf64Le> narrow;
  narrow.r_offset = kPart + 8;
  narrow.r_info = R_X86_64_32;
  words_[0] = 0x1234;
  words_[1] = 0xaaaa'aaaa'0000'0010;
  EXPECT_TRUE(Table<elf::Rel<Elf64Le>>({relative, narrow}));
  EXPECT_EQ(words_[0], kBias + 0x1234);
  EXPECT_EQ(words_[1], 0xaaaa'aaaa'5000'0010u);
}

TEST_F(Apply, PlaceOutsideOfThePartIsRefused) {
  const uint64_t end = kPart + sizeof(words_);
  for (const uint32_t type : {R_X86_64_RELATIVE, R_X86_64_64, R_X86_64_8}) {
    for (const uint64_t at : {kPart - 1, end, uint64_t{0}, UINT64_MAX}) {
      failure_ = {};
      EXPECT_FALSE(Table<elf::Rela<Elf64Le>>({Rela(type, at, 0)}))
          << type << " at " << at;
      EXPECT_EQ(failure_.code, ErrorCode::kOutOfRange);
      EXPECT_STREQ(failure_.what, "place is not inside a writable segment");
    }
  }
  // It begins inside.
  EXPECT_FALSE(
      Table<elf::Rela<Elf64Le>>({Rela(R_X86_64_RELATIVE, end - 7, 0)}));
  EXPECT_EQ(words_.back(), kUntouched);
}

TEST_F(Apply, UnknownTypeIsRefused) {
  EXPECT_FALSE(Table<elf::Rela<Elf64Le>>(
      {Rela(R_X86_64_NONE, 0, 0), Rela(R_X86_64_GOTPC32, kPart, 0)}));
  EXPECT_EQ(failure_.code, ErrorCode::kUnsupported);
  EXPECT_EQ(failure_.index, 1u);
}

TEST_F(Apply, BinderThatStopsSaysWhyItself) {
  binder_.refuses = true;
  EXPECT_FALSE(One(R_X86_64_64, 0));
  EXPECT_EQ(failure_.what, nullptr);
  binder_.refuses = false;
  binder_.refuses_tls = true;
  for (const uint32_t type : {R_X86_64_DTPMOD64, R_X86_64_DTPOFF64,
                              R_X86_64_TPOFF64, R_X86_64_TLSDESC}) {
    EXPECT_FALSE(One(type, 0)) << type;
    EXPECT_EQ(failure_.what, nullptr);
  }
  EXPECT_EQ(words_[0], kUntouched);
}

TEST_F(Apply, FindsThePartOfEachPlace) {
  uint64_t other = kUntouched;
  const std::array<RelocatableImage::Part, 2> parts{
      {parts_[0],
       {{LinkAddr(0x8000), 8}, reinterpret_cast<std::byte*>(&other)}}};
  image_ = RelocatableImage(parts, AddressMap(kBias));
  EXPECT_TRUE(Table<elf::Rela<Elf64Le>>({Rela(R_X86_64_RELATIVE, 0x8000, 1),
                                         Rela(R_X86_64_RELATIVE, kPart, 2),
                                         Rela(R_X86_64_RELATIVE, kPart + 8, 3),
                                         Rela(R_X86_64_RELATIVE, 0x8000, 4)}));
  EXPECT_EQ(other, kBias + 4);
  EXPECT_EQ(words_[0], kBias + 2);
  EXPECT_EQ(words_[1], kBias + 3);
}

// DT_RELR, in every class and byte order.

template <class E>
class EveryElf : public testing::Test {
 protected:
  using Word = typename E::Addr;  // In the image's byte order.

  bool Relr(const std::vector<uint64_t>& entries) {
    std::vector<Word> table;
    for (const uint64_t entry : entries) {
      Word word;
      word = static_cast<typename E::Native>(entry);
      table.push_back(word);
    }
    return ApplyRelr<E>(std::span<const Word>(table), image_, &failure_);
  }

  std::array<Word, 128> words_{};
  std::array<RelocatableImage::Part, 1> parts_{
      {{{LinkAddr(kPart), sizeof(words_)},
        reinterpret_cast<std::byte*>(words_.data())}}};
  RelocatableImage image_{parts_, AddressMap(0x10000000)};
  ApplyFailure failure_{};
};

TYPED_TEST_SUITE(EveryElf, elf::ElfTypes, elf::ElfTypeName);

TYPED_TEST(EveryElf, RelrAddsTheBiasToAddressesAndBitmaps) {
  constexpr uint64_t kWord = sizeof(typename TypeParam::Native);
  this->words_[0] = uint8_t{1};
  this->words_[3] = uint8_t{3};
  // The word at the address, then the first and third of those after it.
  EXPECT_TRUE(this->Relr({kPart, 0b1011}));
  EXPECT_EQ(this->words_[0], 0x10000001u);
  EXPECT_EQ(this->words_[1], 0x10000000u);
  EXPECT_EQ(this->words_[2], 0u);
  EXPECT_EQ(this->words_[3], 0x10000003u);
  EXPECT_EQ(this->words_[4], 0u);
  // The second bitmap goes on where the first one ends.
  EXPECT_TRUE(this->Relr({kPart + kWord, 1, 0b11}));
  EXPECT_EQ(this->words_[1 + 8 * kWord], 0x10000000u);
}

TYPED_TEST(EveryElf, RelrRefusesAWordOutside) {
  constexpr uint64_t kWord = sizeof(typename TypeParam::Native);
  const uint64_t last = kPart + sizeof(this->words_) - kWord;
  EXPECT_FALSE(this->Relr({last, 0b11}));
  EXPECT_EQ(this->failure_.code, ErrorCode::kOutOfRange);
  EXPECT_EQ(this->failure_.index, 1u);
  EXPECT_EQ(this->words_.back(), 0x10000000u);
}

TYPED_TEST(EveryElf, RelrOfBitmapsAloneStartsAtZeroAndIsOutside) {
  EXPECT_FALSE(this->Relr({0b11}));
  EXPECT_EQ(this->failure_.index, 0u);
}

}  // namespace
}  // namespace relink
