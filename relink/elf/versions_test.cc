// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/versions.h"

#include <string>

#include "gtest/gtest.h"
#include "relink/elf/testing/elf_types.h"
#include "relink/elf/testing/image_builder.h"
#include "relink/elf/testing/parsed_image.h"

namespace relink::elf {
namespace {

ImageSpec Versioned() {
  ImageSpec spec;
  spec.soname = "libversioned.so";
  spec.text = Bytes(8);
  spec.versions = {"V1", "V2"};
  spec.needs = {{"liba.so", {"A1", "A2"}}, {"libb.so", {"B1"}}};
  spec.symbols = {
      {.name = "one", .version = "V1", .hidden = true},
      {.name = "two", .version = "V2"},
      {.name = "three", .area = Area::kUndefined, .version = "B1"},
      {.name = "four"},
  };
  return spec;
}

std::string Text(StringRef text) {
  return std::string(text.data(), text.size());
}

template <class E>
class VersionsOf : public testing::Test {
 protected:
  static constexpr uint64_t kDefinitionSize =
      sizeof(Verdef<E>) + sizeof(Verdaux<E>);

  Verdef<E>& Definition(uint64_t i) {
    return image_.template At<Verdef<E>>(image_.place(".gnu.version_d").offset +
                                         i * kDefinitionSize);
  }
  Verneed<E>& Need() {
    return image_.template At<Verneed<E>>(
        image_.place(".gnu.version_r").offset);
  }
  // The error of reading the image's versions.
  ErrorCode Failure() {
    auto file = ValueOrThrow(ElfFile<E>::Parse(image_.view()));
    const auto view = AddressView<E>::OfFile(file);
    const Dynamic dynamic =
        ValueOrThrow(ParseDynamic<E>(DynamicTable<E>(file)));
    const ByteView strings =
        ValueOrThrow(view.Slice(dynamic.strtab.addr, dynamic.strtab.size));
    auto count = VersionReader<E>(view, dynamic, strings).Count();
    EXPECT_FALSE(count.ok());
    return count.ok() ? ErrorCode::kInternal : count.error().code;
  }

  Image<E> image_ = BuildImage<E>(Versioned());
};
TYPED_TEST_SUITE(VersionsOf, ElfTypes, ElfTypeName);

TYPED_TEST(VersionsOf, NamesDefinitionsAndNeedsByIndex) {
  const ParsedImage<TypeParam> parsed(this->image_.view());
  ASSERT_EQ(parsed.versions.size(), 7u);
  const char* names[] = {"", "", "V1", "V2", "A1", "A2", "B1"};
  for (size_t i = 0; i < 7; ++i) {
    EXPECT_EQ(Text(parsed.versions[i].name), names[i]);
  }
}

TYPED_TEST(VersionsOf, LeavesTheBaseOut) {
  const ParsedImage<TypeParam> parsed(this->image_.view());
  EXPECT_EQ(parsed.versions[kVerNdxGlobal].hash, 0u);
}

TYPED_TEST(VersionsOf, NamesTheFileOfWhatIsNeededOnly) {
  const ParsedImage<TypeParam> parsed(this->image_.view());
  EXPECT_EQ(Text(parsed.versions[3].file), "");
  EXPECT_EQ(Text(parsed.versions[5].file), "liba.so");
  EXPECT_EQ(Text(parsed.versions[6].file), "libb.so");
}

TYPED_TEST(VersionsOf, HashesAsTheSysvTable) {
  const ParsedImage<TypeParam> parsed(this->image_.view());
  EXPECT_EQ(parsed.versions[2].hash, SysvHash("V1"));
  EXPECT_EQ(parsed.versions[6].hash, SysvHash("B1"));
}

TYPED_TEST(VersionsOf, MatchesTheIndicesOfSymbols) {
  const ParsedImage<TypeParam> parsed(this->image_.view());
  auto version = [&](const char* name) {
    return parsed.symbols.Version(this->image_.index.at(name));
  };
  EXPECT_EQ(version("one"), 2 | kVersymHidden);
  EXPECT_EQ(version("two"), 3);
  EXPECT_EQ(version("three"), 6);
  EXPECT_EQ(version("four"), kVerNdxGlobal);
}

TYPED_TEST(VersionsOf, MarksWeakAndHiddenNeeds) {
  auto& aux = this->image_.template At<Vernaux<TypeParam>>(
      this->image_.place(".gnu.version_r").offset + sizeof(Verneed<TypeParam>));
  aux.vna_flags = kVerFlgWeak;
  aux.vna_other = static_cast<uint16_t>(aux.vna_other | kVersymHidden);
  const ParsedImage<TypeParam> parsed(this->image_.view());
  EXPECT_TRUE(parsed.versions[4].weak);
  EXPECT_TRUE(parsed.versions[4].hidden);
  EXPECT_FALSE(parsed.versions[5].weak);
}

TYPED_TEST(VersionsOf, AreNoneInAnImageWithoutThem) {
  const Image<TypeParam> image = BuildImage<TypeParam>({});
  const ParsedImage<TypeParam> parsed(image.view());
  EXPECT_TRUE(parsed.versions.empty());
}

TYPED_TEST(VersionsOf, EndAtAnEntryWithoutNext) {
  this->Definition(1).vd_next = 0u;
  const ParsedImage<TypeParam> parsed(this->image_.view());
  EXPECT_EQ(parsed.versions[3].hash, 0u);
}

TYPED_TEST(VersionsOf, RefuseUnknownStructures) {
  this->Definition(1).vd_version = uint16_t{2};
  EXPECT_EQ(this->Failure(), ErrorCode::kMalformed);
}

TYPED_TEST(VersionsOf, RefuseAChainThatLeavesTheSegment) {
  this->Definition(1).vd_next = UINT32_MAX;
  EXPECT_EQ(this->Failure(), ErrorCode::kOutOfRange);
}

TYPED_TEST(VersionsOf, RefuseANamePastTheStrings) {
  this->Need().vn_file = UINT32_MAX;
  EXPECT_EQ(this->Failure(), ErrorCode::kOutOfRange);
}

// War story: entries may overlap, since they have no alignment here, so n needs
// can share one chain of n versions. With only the two counts as limits a file
// of 1 MiB asked for 2^32 steps.
TYPED_TEST(VersionsOf, RefuseMoreThanThereAreIndices) {
  constexpr uint32_t kCount = 300;
  ImageSpec spec = Versioned();
  spec.needs = {{"liba.so", std::vector<std::string>(kCount, "A1")}};
  this->image_ = BuildImage<TypeParam>(spec);
  // Every entry is read as a need whose chain is all the entries after it.
  for (uint32_t i = 0; i < kCount; ++i) {
    auto& need = this->image_.template At<Verneed<TypeParam>>(
        this->image_.place(".gnu.version_r").offset +
        i * sizeof(Verneed<TypeParam>));
    need.vn_version = uint16_t{1};
    need.vn_cnt = UINT16_MAX;
    need.vn_file = 0u;
    need.vn_aux = uint32_t{sizeof(need)};
    need.vn_next = uint32_t{sizeof(need)};
  }
  this->image_.dynamic(kDtVerneednum).d_val =
      static_cast<typename TypeParam::Native>(-1);
  EXPECT_EQ(this->Failure(), ErrorCode::kMalformed);
}

}  // namespace
}  // namespace relink::elf
