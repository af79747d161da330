// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/testing/image_builder.h"

#include <string>

#include "gtest/gtest.h"
#include "relink/elf/testing/elf_types.h"
#include "relink/elf/testing/loadable_image.h"
#include "relink/elf/testing/system_library.h"
#include "relink/elf/testing/walk_image.h"

namespace relink::elf {
namespace {

template <class E>
class ImageBuilderOf : public testing::Test {
 protected:
  // What readelf says against the image.
  static std::string Complaints(const ImageSpec& spec) {
    const std::string path = testing::TempDir() + ElfTypeName::GetName<E>(0);
    WriteFile(path, BuildImage<E>(spec).bytes);
    return OutputOf("LC_ALL=C readelf -aW " + path + " >/dev/null");
  }
  static bool Parses(const ImageSpec& spec) {
    const Image<E> image = BuildImage<E>(spec);
    Walk walk;
    WalkLoaded<E>(image.view(), &walk);
    WalkUnloaded<E>(image.view(), &walk);
    if (walk.error()) ADD_FAILURE() << walk.error()->what;
    return !walk.error();
  }
};
TYPED_TEST_SUITE(ImageBuilderOf, ElfTypes, ElfTypeName);

TYPED_TEST(ImageBuilderOf, MakesWhatReadelfAcceptsWithoutAWarning) {
  EXPECT_EQ(TestFixture::Complaints(LoadableSpec()), "");
}

TYPED_TEST(ImageBuilderOf, MakesAnImageOfNothing) {
  EXPECT_EQ(TestFixture::Complaints({}), "");
  EXPECT_TRUE(TestFixture::Parses({}));
}

TYPED_TEST(ImageBuilderOf, MakesWhatOurParsersAccept) {
  EXPECT_TRUE(TestFixture::Parses(LoadableSpec()));
}

TYPED_TEST(ImageBuilderOf, MakesRelTablesInsteadOfRela) {
  ImageSpec spec = LoadableSpec();
  spec.rela = false;
  EXPECT_EQ(TestFixture::Complaints(spec), "");
  EXPECT_TRUE(TestFixture::Parses(spec));
}

TYPED_TEST(ImageBuilderOf, KeepsAHoleBetweenItsSegments) {
  Image<TypeParam> image = BuildImage<TypeParam>(LoadableSpec());
  const Phdr<TypeParam>& text = image.segment(kPtLoad, 1);
  const Phdr<TypeParam>& data = image.segment(kPtLoad, 2);
  EXPECT_GE(data.p_vaddr, text.p_vaddr + text.p_memsz + kImagePage);
  EXPECT_NE(data.p_vaddr, data.p_offset);
}

TYPED_TEST(ImageBuilderOf, FindsWhatATestWantsToBreak) {
  Image<TypeParam> image = BuildImage<TypeParam>(LoadableSpec());
  EXPECT_EQ(image.symbol("answer").st_value, image.place(".text").addr);
  EXPECT_EQ(image.dynamic(kDtSymtab).d_val, image.place(".dynsym").addr);
  EXPECT_EQ(image.section(".text").sh_type, kShtProgbits);
}

TYPED_TEST(ImageBuilderOf, AddsDynamicEntriesInPlaceOfSpareNulls) {
  Image<TypeParam> image = BuildImage<TypeParam>({});
  for (int i = 0; i < kSpareDynamic; ++i) image.AddDynamic(kDtDebug, 1);
  EXPECT_EQ(image.dynamic(kDtDebug).d_val, 1u);
  EXPECT_NO_THROW(image.dynamic(kDtNull));
}

}  // namespace
}  // namespace relink::elf
