// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/relocations.h"

#include <cstdint>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "relink/elf/testing/elf_types.h"
#include "relink/elf/testing/loadable_image.h"
#include "relink/elf/testing/parsed_image.h"

namespace relink::elf {
namespace {

template <class E>
class RelocationsOf : public testing::Test {
 protected:
  using Native = typename E::Native;
  static constexpr uint64_t kWord = sizeof(Native);

  static std::vector<uint64_t> Decode(const std::vector<Native>& entries) {
    const std::vector<typename E::Addr> table(entries.begin(), entries.end());
    std::vector<uint64_t> words;
    ForEachRelr<E>(table, [&](LinkAddr addr) {
      words.push_back(addr.value());
      return true;
    });
    return words;
  }

  // The specification's decoder, bit by bit.
  static std::vector<uint64_t> DecodeSlowly(
      const std::vector<Native>& entries) {
    std::vector<uint64_t> words;
    uint64_t where = 0;
    for (Native entry : entries) {
      if (entry % 2 == 0) {
        words.push_back(entry);
        where = uint64_t{entry} + kWord;
      } else {
        for (uint64_t bit = 1; bit < 8 * kWord; ++bit) {
          if ((uint64_t{entry} >> bit & 1) != 0) {
            words.push_back(where + (bit - 1) * kWord);
          }
        }
        where += (8 * kWord - 1) * kWord;
      }
    }
    return words;
  }
};
TYPED_TEST_SUITE(RelocationsOf, ElfTypes, ElfTypeName);

TYPED_TEST(RelocationsOf, RelrOfNothingIsNothing) {
  EXPECT_TRUE(TestFixture::Decode({}).empty());
}

TYPED_TEST(RelocationsOf, RelrBitmapCountsFromAfterTheAddress) {
  const uint64_t word = TestFixture::kWord;
  EXPECT_EQ(TestFixture::Decode({0x1000, 0b1011}),
            (std::vector<uint64_t>{0x1000, 0x1000 + word, 0x1000 + 3 * word}));
}

TYPED_TEST(RelocationsOf, RelrBitmapsFollowOneAnother) {
  const uint64_t word = TestFixture::kWord;
  EXPECT_EQ(TestFixture::Decode({0x1000, 1, 0b11}),
            (std::vector<uint64_t>{0x1000, 0x1000 + 8 * word * word}));
}

TYPED_TEST(RelocationsOf, RelrStopsWhenToldTo) {
  const std::vector<typename TypeParam::Addr> table = {
      typename TypeParam::Native{0x1000}, typename TypeParam::Native{7}};
  int visits = 0;
  EXPECT_FALSE(
      ForEachRelr<TypeParam>(table, [&](LinkAddr) { return ++visits < 2; }));
  EXPECT_EQ(visits, 2);
}

TYPED_TEST(RelocationsOf, RelrDecodesRandomTablesAsTheSpecificationDoes) {
  std::mt19937_64 random(5);
  for (int i = 0; i < 300; ++i) {
    std::vector<typename TypeParam::Native> entries(random() % 20);
    for (auto& entry : entries) {
      entry = static_cast<typename TypeParam::Native>(random());
      if (random() % 2 == 0) entry &= ~typename TypeParam::Native{1};
    }
    EXPECT_EQ(TestFixture::Decode(entries), TestFixture::DecodeSlowly(entries));
  }
}

TYPED_TEST(RelocationsOf, RelrDecodesWhatTheBuilderEncodes) {
  std::mt19937_64 random(6);
  for (int i = 0; i < 50; ++i) {
    ImageSpec spec;
    spec.data = Bytes(0x4000);
    std::vector<uint64_t> offsets;
    for (uint64_t at = 0; at < spec.data.size();
         at += TestFixture::kWord * (1 + random() % (random() % 9 ? 5 : 200))) {
      offsets.push_back(at);
      spec.relative_words.emplace_back(Area::kData, at);
    }
    const Image<TypeParam> image = BuildImage<TypeParam>(spec);
    const ParsedImage<TypeParam> parsed(image.view());
    auto tables =
        RelocationTables<TypeParam>::Parse(parsed.view, parsed.dynamic);
    ASSERT_TRUE(tables.ok());
    std::vector<uint64_t> decoded;
    ForEachRelr<TypeParam>(tables->relr, [&](LinkAddr addr) {
      decoded.push_back(addr.value() - image.place(".data").addr);
      return true;
    });
    ASSERT_EQ(decoded, offsets);
  }
}

TYPED_TEST(RelocationsOf, FindsRelaTables) {
  Image<TypeParam> image = BuildImage<TypeParam>(LoadableSpec());
  const ParsedImage<TypeParam> parsed(image.view());
  auto tables = RelocationTables<TypeParam>::Parse(parsed.view, parsed.dynamic);
  ASSERT_TRUE(tables.ok());
  ASSERT_EQ(tables->rela.size(), 7u);
  EXPECT_TRUE(tables->rel.empty());
  const Rela<TypeParam>& entry = tables->rela[kGlobDat];
  EXPECT_EQ(entry.sym(), image.index.at("answer"));
  EXPECT_EQ(entry.type(), 6u);
  EXPECT_EQ(entry.r_offset, image.place(".got").addr + 8);
}

TYPED_TEST(RelocationsOf, FindsRelTables) {
  ImageSpec spec = LoadableSpec();
  spec.rela = false;
  const Image<TypeParam> image = BuildImage<TypeParam>(spec);
  const ParsedImage<TypeParam> parsed(image.view());
  auto tables = RelocationTables<TypeParam>::Parse(parsed.view, parsed.dynamic);
  ASSERT_TRUE(tables.ok());
  ASSERT_EQ(tables->rel.size(), 7u);
  EXPECT_TRUE(tables->rela.empty());
  EXPECT_EQ(tables->jmprel_rel.size(), 1u);
  EXPECT_TRUE(tables->jmprel_rela.empty());
  EXPECT_EQ(tables->rel[kGlobDat].sym(), image.index.at("answer"));
}

TYPED_TEST(RelocationsOf, KeepsASignedAddend) {
  ImageSpec spec;
  spec.data = Bytes(16);
  spec.relocations = {{.type = 8, .addend = -5}};
  const Image<TypeParam> image = BuildImage<TypeParam>(spec);
  const ParsedImage<TypeParam> parsed(image.view());
  auto tables = RelocationTables<TypeParam>::Parse(parsed.view, parsed.dynamic);
  ASSERT_TRUE(tables.ok());
  EXPECT_EQ(tables->rela[0].r_addend, -5);
}

TYPED_TEST(RelocationsOf, RefusesATableThatLeavesItsSegment) {
  for (int64_t tag : {kDtRelasz, kDtRelrsz, kDtPltrelsz}) {
    Image<TypeParam> image = BuildImage<TypeParam>(LoadableSpec());
    image.dynamic(tag).d_val =
        static_cast<typename TypeParam::Native>(sizeof(Rela<TypeParam>) << 20);
    const ParsedImage<TypeParam> parsed(image.view());
    auto tables =
        RelocationTables<TypeParam>::Parse(parsed.view, parsed.dynamic);
    ASSERT_FALSE(tables.ok());
    EXPECT_EQ(tables.error().code, ErrorCode::kOutOfRange);
  }
}

}  // namespace
}  // namespace relink::elf
