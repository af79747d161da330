// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/address_view.h"

#include <vector>

#include "gtest/gtest.h"
#include "relink/elf/testing/elf_types.h"
#include "relink/elf/testing/loadable_image.h"
#include "relink/elf/testing/parsed_image.h"

namespace relink::elf {
namespace {

template <class E>
class AddressViewOf : public testing::Test {
 protected:
  Image<E> image_ = BuildImage<E>(LoadableSpec());
  ElfFile<E> file_ = ValueOrThrow(ElfFile<E>::Parse(image_.view()));
  AddressView<E> view_ = AddressView<E>::OfFile(file_);
};
TYPED_TEST_SUITE(AddressViewOf, ElfTypes, ElfTypeName);

TYPED_TEST(AddressViewOf, FindsBytesThroughTheirSegment) {
  // .data lies at an offset that is not its address.
  const Place& data = this->image_.place(".data");
  auto bytes = this->view_.Slice(LinkAddr(data.addr), data.size);
  ASSERT_TRUE(bytes.ok());
  EXPECT_EQ(bytes->data(), this->image_.bytes.data() + data.offset);
}

TYPED_TEST(AddressViewOf, FromReachesToTheEndOfTheSegmentsFile) {
  const Phdr<TypeParam>& data = this->image_.segment(kPtLoad, 2);
  auto bytes = this->view_.From(LinkAddr(data.p_vaddr));
  ASSERT_TRUE(bytes.ok());
  EXPECT_EQ(bytes->size(), data.p_filesz);
}

TYPED_TEST(AddressViewOf, HasNothingInAHole) {
  auto bytes = this->view_.From(
      LinkAddr(this->image_.place(".data").addr - 2 * kImagePage));
  ASSERT_FALSE(bytes.ok());
  EXPECT_EQ(bytes.error().code, ErrorCode::kOutOfRange);
}

TYPED_TEST(AddressViewOf, HasNoBssInAFile) {
  const Place& bss = this->image_.place(".bss");
  EXPECT_FALSE(this->view_.From(LinkAddr(bss.addr)).ok());
  EXPECT_FALSE(this->view_.Slice(LinkAddr(bss.addr - 1), 2).ok());
}

TYPED_TEST(AddressViewOf, NeverCrossesIntoTheNextSegment) {
  const Phdr<TypeParam>& text = this->image_.segment(kPtLoad, 1);
  const LinkAddr begin(text.p_vaddr);
  EXPECT_TRUE(this->view_.Slice(begin, text.p_filesz).ok());
  EXPECT_FALSE(this->view_.Slice(begin, text.p_filesz + 1u).ok());
}

TYPED_TEST(AddressViewOf, RefusesTablesWhoseSizeWraps) {
  using Addr = typename TypeParam::Addr;
  const LinkAddr begin(this->image_.place(".dynsym").addr);
  EXPECT_FALSE(
      this->view_.template Records<Addr>(begin, uint64_t{1} << 61).ok());
  EXPECT_FALSE(this->view_.template Records<Addr>(begin, UINT64_MAX).ok());
  EXPECT_FALSE(
      this->view_.template Records<Addr>(LinkAddr(UINT64_MAX - 3), 1).ok());
}

TYPED_TEST(AddressViewOf, GivesAnEmptyTableAnywhere) {
  EXPECT_TRUE(this->view_.Slice(LinkAddr(UINT64_MAX), 0).ok());
  EXPECT_TRUE(
      this->view_
          .template Records<typename TypeParam::Word>(LinkAddr(UINT64_MAX), 0)
          .ok());
}

TYPED_TEST(AddressViewOf, ReadsAnImageInMemoryFromItsStart) {
  // As mapped: from the first byte of the data segment, .bss included.
  const Phdr<TypeParam>& data = this->image_.segment(kPtLoad, 2);
  std::vector<std::byte> memory(data.p_memsz);
  const auto view = AddressView<TypeParam>::OfImage(
      this->file_.segments(), ByteView(memory), LinkAddr(data.p_vaddr));
  const Place& bss = this->image_.place(".bss");
  auto bytes = view.Slice(LinkAddr(bss.addr), bss.size);
  ASSERT_TRUE(bytes.ok());
  EXPECT_EQ(bytes->data(), memory.data() + (bss.addr - data.p_vaddr));
  EXPECT_FALSE(view.From(LinkAddr(0)).ok());  // Before the start.
}

}  // namespace
}  // namespace relink::elf
