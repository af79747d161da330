// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/elf_file.h"

#include <string>

#include "gtest/gtest.h"
#include "relink/elf/testing/elf_types.h"
#include "relink/elf/testing/image_builder.h"
#include "relink/elf/testing/loadable_image.h"

namespace relink::elf {
namespace {

std::string Text(StringRef text) {
  return std::string(text.data(), text.size());
}

template <class E>
class ElfFileOf : public testing::Test {
 protected:
  // A file whose counts are all in section 0.
  static Image<E> ExtendedImage() {
    Image<E> image = BuildImage<E>(LoadableSpec());
    Ehdr<E>& header = image.header();
    Shdr<E>& zero = image.template At<Shdr<E>>(header.e_shoff);
    zero.sh_info = uint32_t{header.e_phnum};
    zero.sh_size = typename E::Native{header.e_shnum};
    zero.sh_link = uint32_t{header.e_shstrndx};
    header.e_phnum = kPnXnum;
    header.e_shnum = uint16_t{0};
    header.e_shstrndx = kShnXindex;
    return image;
  }
};
TYPED_TEST_SUITE(ElfFileOf, ElfTypes, ElfTypeName);

TYPED_TEST(ElfFileOf, ShowsItsHeader) {
  ImageSpec spec = LoadableSpec();
  spec.machine = 0x1234;
  const Image<TypeParam> image = BuildImage<TypeParam>(spec);
  auto file = ElfFile<TypeParam>::Parse(image.view());
  ASSERT_TRUE(file.ok()) << file.error().what;
  EXPECT_EQ(uint16_t{file->header().e_machine}, 0x1234);
  EXPECT_EQ(uint16_t{file->header().e_type}, kEtDyn);
}

TYPED_TEST(ElfFileOf, ShowsEverySegment) {
  Image<TypeParam> image = BuildImage<TypeParam>(LoadableSpec());
  auto file = ElfFile<TypeParam>::Parse(image.view());
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(file->segments().size(), 10u);
  EXPECT_EQ(&file->segments()[0], &image.segment(kPtPhdr));
}

TYPED_TEST(ElfFileOf, ShowsASegmentsContents) {
  const Image<TypeParam> image = BuildImage<TypeParam>(LoadableSpec());
  auto file = ElfFile<TypeParam>::Parse(image.view());
  ASSERT_TRUE(file.ok());
  for (const Phdr<TypeParam>& segment : file->segments()) {
    if (segment.p_type != kPtDynamic) continue;
    const ByteView contents = file->Contents(segment);
    EXPECT_EQ(contents.data(),
              image.bytes.data() + image.place(".dynamic").offset);
    EXPECT_EQ(contents.size(), image.place(".dynamic").size);
  }
}

TYPED_TEST(ElfFileOf, RefusesEveryOtherType) {
  const Image<TypeParam> image = BuildImage<TypeParam>({});
  const int parsed = ElfFile<Elf32Le>::Parse(image.view()).ok() +
                     ElfFile<Elf32Be>::Parse(image.view()).ok() +
                     ElfFile<Elf64Le>::Parse(image.view()).ok() +
                     ElfFile<Elf64Be>::Parse(image.view()).ok();
  EXPECT_EQ(parsed, 1);
}

TYPED_TEST(ElfFileOf, IgnoresTheRangeOfANullSegment) {
  Image<TypeParam> image = BuildImage<TypeParam>({});
  Phdr<TypeParam>& segment = image.segment(kPtGnuStack);
  segment.p_type = kPtNull;
  segment.p_filesz = static_cast<typename TypeParam::Native>(-1);
  auto file = ElfFile<TypeParam>::Parse(image.view());
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(file->Contents(segment).size(), 0u);
}

TYPED_TEST(ElfFileOf, RefusesEveryTruncationOfItsSegments) {
  const Image<TypeParam> image = BuildImage<TypeParam>(LoadableSpec());
  for (uint64_t size = 0; size < image.place(".data").end(); ++size) {
    ASSERT_FALSE(
        ElfFile<TypeParam>::Parse(ByteView(image.bytes.data(), size)).ok())
        << size;
  }
}

TYPED_TEST(ElfFileOf, TakesTheSegmentCountFromSectionZero) {
  const Image<TypeParam> image = TestFixture::ExtendedImage();
  auto file = ElfFile<TypeParam>::Parse(image.view());
  ASSERT_TRUE(file.ok()) << file.error().what;
  EXPECT_EQ(file->segments().size(), 10u);
}

TYPED_TEST(ElfFileOf, TakesSectionCountAndNamesFromSectionZero) {
  const Image<TypeParam> image = TestFixture::ExtendedImage();
  auto file = ElfFile<TypeParam>::Parse(image.view());
  ASSERT_TRUE(file.ok());
  auto sections = SectionTable<TypeParam>::Parse(*file);
  ASSERT_TRUE(sections.ok()) << sections.error().what;
  EXPECT_EQ(sections->sections().size(), image.places.size() + 1);
  EXPECT_EQ(Text(sections->Name(sections->sections().back())), ".shstrtab");
}

TYPED_TEST(ElfFileOf, RefusesExtendedNumberingWithoutSections) {
  Image<TypeParam> image = BuildImage<TypeParam>({});
  image.header().e_phnum = kPnXnum;
  image.header().e_shoff = static_cast<typename TypeParam::Native>(0);
  auto file = ElfFile<TypeParam>::Parse(image.view());
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.error().code, ErrorCode::kOutOfRange);
}

TYPED_TEST(ElfFileOf, NamesEverySectionAndFindsItsContents) {
  const Image<TypeParam> image = BuildImage<TypeParam>(LoadableSpec());
  auto file = ElfFile<TypeParam>::Parse(image.view());
  ASSERT_TRUE(file.ok());
  auto sections = SectionTable<TypeParam>::Parse(*file);
  ASSERT_TRUE(sections.ok()) << sections.error().what;
  for (const auto& [name, place] : image.places) {
    const Shdr<TypeParam>& section = sections->sections()[place.section];
    EXPECT_EQ(Text(sections->Name(section)), name);
    const ByteView contents = sections->Contents(section);
    if (name == ".bss") {
      EXPECT_EQ(contents.size(), 0u);
    } else {
      EXPECT_EQ(contents.data(), image.bytes.data() + place.offset) << name;
      EXPECT_EQ(contents.size(), place.size) << name;
    }
  }
}

TYPED_TEST(ElfFileOf, FindsTheFirstSectionOfAType) {
  Image<TypeParam> image = BuildImage<TypeParam>(LoadableSpec());
  auto file = ElfFile<TypeParam>::Parse(image.view());
  ASSERT_TRUE(file.ok());
  auto sections = SectionTable<TypeParam>::Parse(*file);
  ASSERT_TRUE(sections.ok());
  EXPECT_EQ(sections->FindType(kShtRela), &image.section(".rela.dyn"));
  EXPECT_EQ(sections->FindType(kShtGroup), nullptr);
}

TYPED_TEST(ElfFileOf, WithoutSectionHeadersHasAnEmptyTable) {
  ImageSpec spec = LoadableSpec();
  spec.section_headers = false;
  const Image<TypeParam> image = BuildImage<TypeParam>(spec);
  auto file = ElfFile<TypeParam>::Parse(image.view());
  ASSERT_TRUE(file.ok());
  auto sections = SectionTable<TypeParam>::Parse(*file);
  ASSERT_TRUE(sections.ok());
  EXPECT_TRUE(sections->sections().empty());
}

TYPED_TEST(ElfFileOf, LeavesANameOutsideOfTheTableEmpty) {
  Image<TypeParam> image = BuildImage<TypeParam>(LoadableSpec());
  Shdr<TypeParam>& section = image.section(".text");
  section.sh_name = UINT32_MAX;
  auto file = ElfFile<TypeParam>::Parse(image.view());
  ASSERT_TRUE(file.ok());
  auto sections = SectionTable<TypeParam>::Parse(*file);
  ASSERT_TRUE(sections.ok());
  EXPECT_TRUE(sections->Name(section).empty());
}

TEST(Identify, TellsClassAndByteOrder) {
  auto identity = Identify(BuildImage<Elf32Be>({}).view());
  ASSERT_TRUE(identity.ok());
  EXPECT_EQ(identity->elf_class, kElfClass32);
  EXPECT_EQ(identity->byte_order, kElfData2Msb);
}

TEST(Identify, RefusesWhatIsNotElf) {
  EXPECT_EQ(Identify(ByteView("#!/bin/sh\n", 10)).error().code,
            ErrorCode::kMalformed);
  EXPECT_EQ(Identify(ByteView()).error().code, ErrorCode::kMalformed);
}

TEST(Identify, CallsAShortFileTruncated) {
  EXPECT_EQ(Identify(ByteView("\177ELF\2\1\1", 7)).error().code,
            ErrorCode::kOutOfRange);
}

}  // namespace
}  // namespace relink::elf
