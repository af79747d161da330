// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/dynamic.h"

#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "relink/elf/testing/elf_types.h"
#include "relink/elf/testing/loadable_image.h"
#include "relink/elf/testing/parsed_image.h"

namespace relink::elf {
namespace {

template <class E>
class DynamicOf : public testing::Test {
 protected:
  using Entries = std::vector<std::pair<int64_t, uint64_t>>;

  static std::vector<Dyn<E>> Table(const Entries& entries) {
    std::vector<Dyn<E>> table;
    for (auto [tag, value] : entries) {
      table.push_back({static_cast<typename E::SignedNative>(tag),
                       static_cast<typename E::Native>(value)});
    }
    return table;
  }
  static Result<Dynamic> Parse(const Entries& entries) {
    return ParseDynamic<E>(std::span<const Dyn<E>>(Table(entries)));
  }
  // The code and index of the error.
  static void ExpectMalformed(const Entries& entries, uint64_t index) {
    auto parsed = Parse(entries);
    ASSERT_FALSE(parsed.ok());
    EXPECT_EQ(parsed.error().code, ErrorCode::kMalformed);
    EXPECT_EQ(parsed.error().offset, index) << parsed.error().what;
  }
};
TYPED_TEST_SUITE(DynamicOf, ElfTypes, ElfTypeName);

TYPED_TEST(DynamicOf, FindsEveryTableOfAnImage) {
  Image<TypeParam> image = BuildImage<TypeParam>(LoadableSpec());
  const ParsedImage<TypeParam> parsed(image.view());
  const Dynamic& d = parsed.dynamic;
  EXPECT_EQ(d.symtab.value(), image.place(".dynsym").addr);
  EXPECT_EQ(d.strtab.addr.value(), image.place(".dynstr").addr);
  EXPECT_EQ(d.strtab.size, image.place(".dynstr").size);
  EXPECT_EQ(d.gnu_hash.value(), image.place(".gnu.hash").addr);
  EXPECT_EQ(d.versym.value(), image.place(".gnu.version").addr);
  EXPECT_EQ(d.verdef.value(), image.place(".gnu.version_d").addr);
  EXPECT_EQ(d.verdefnum, 3u);
  EXPECT_EQ(d.verneed.value(), image.place(".gnu.version_r").addr);
  EXPECT_EQ(d.verneednum, 1u);
  EXPECT_EQ(d.rela.addr.value(), image.place(".rela.dyn").addr);
  EXPECT_EQ(d.rela.size, image.place(".rela.dyn").size);
  EXPECT_EQ(d.jmprel.size, image.place(".rela.plt").size);
  EXPECT_EQ(d.relr.size, image.place(".relr.dyn").size);
  EXPECT_EQ(d.init_array.addr.value(), image.place(".init_array").addr);
  EXPECT_EQ(d.fini_array.size, image.place(".fini_array").size);
  EXPECT_EQ(d.pltgot.value(), image.place(".got").addr);
  EXPECT_EQ(d.flags, kDfBindNow);
  EXPECT_EQ(d.flags_1, kDf1Now);
}

TYPED_TEST(DynamicOf, LeavesWhatIsAbsentEmpty) {
  auto parsed = TestFixture::Parse({{kDtNull, 0}});
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->symtab.value(), 0u);
  EXPECT_TRUE(parsed->rela.empty());
  EXPECT_EQ(parsed->soname, Dynamic::kNoString);
  EXPECT_EQ(parsed->needed_count, 0u);
}

TYPED_TEST(DynamicOf, StopsAtItsFirstNull) {
  auto parsed = TestFixture::Parse({{kDtFini, 1}, {kDtNull, 0}, {kDtFini, 2}});
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->fini.value(), 1u);
}

TYPED_TEST(DynamicOf, RefusesATableWithoutNull) {
  TestFixture::ExpectMalformed({{kDtFini, 1}}, 1);
  TestFixture::ExpectMalformed({}, 0);
}

TYPED_TEST(DynamicOf, SkipsUnknownTags) {
  EXPECT_TRUE(TestFixture::Parse(
                  {{0x60000fff, 1}, {0x7fffffff, 1}, {-1, 1}, {kDtNull, 0}})
                  .ok());
}

TYPED_TEST(DynamicOf, FoldsOldTagsIntoItsFlags) {
  auto parsed = TestFixture::Parse({{kDtFlags, kDfStaticTls},
                                    {kDtSymbolic, 0},
                                    {kDtTextrel, 0},
                                    {kDtBindNow, 0},
                                    {kDtNull, 0}});
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->flags,
            kDfStaticTls | kDfSymbolic | kDfTextrel | kDfBindNow);
}

TYPED_TEST(DynamicOf, RefusesEntrySizesThatAreNotItsRecords) {
  for (int64_t tag : {kDtSyment, kDtRelaent, kDtRelent, kDtRelrent}) {
    TestFixture::ExpectMalformed({{kDtDebug, 0}, {tag, 7}, {kDtNull, 0}}, 1);
  }
}

TYPED_TEST(DynamicOf, AcceptsTheEntrySizesOfItsRecords) {
  EXPECT_TRUE(
      TestFixture::Parse({{kDtSyment, sizeof(Sym<TypeParam>)},
                          {kDtRelaent, sizeof(Rela<TypeParam>)},
                          {kDtRelent, sizeof(Rel<TypeParam>)},
                          {kDtRelrent, sizeof(typename TypeParam::Native)},
                          {kDtNull, 0}})
          .ok());
}

TYPED_TEST(DynamicOf, RefusesSizesThatAreNotMultiples) {
  for (int64_t tag : {kDtRelasz, kDtRelsz, kDtRelrsz, kDtPltrelsz,
                      kDtInitArraysz, kDtFiniArraysz, kDtPreinitArraysz}) {
    EXPECT_FALSE(TestFixture::Parse({{tag, 3}, {kDtNull, 0}}).ok()) << tag;
  }
}

TYPED_TEST(DynamicOf, ReadsTheKindOfPltRelocations) {
  const uint64_t rel = sizeof(Rel<TypeParam>);
  auto parsed = TestFixture::Parse(
      {{kDtPltrel, kDtRel}, {kDtPltrelsz, rel}, {kDtNull, 0}});
  ASSERT_TRUE(parsed.ok());
  EXPECT_FALSE(parsed->jmprel_is_rela);
  TestFixture::ExpectMalformed({{kDtPltrel, 5}, {kDtNull, 0}}, 0);
}

TYPED_TEST(DynamicOf, VisitsNeededLibrariesInOrder) {
  const auto table = TestFixture::Table({{kDtNeeded, 5},
                                         {kDtSoname, 9},
                                         {kDtNeeded, 3},
                                         {kDtNull, 0},
                                         {kDtNeeded, 7}});
  std::vector<uint64_t> offsets;
  ForEachNeeded<TypeParam>(table,
                           [&](uint64_t offset) { offsets.push_back(offset); });
  EXPECT_EQ(offsets, (std::vector<uint64_t>{5, 3}));
  EXPECT_EQ(ParseDynamic<TypeParam>(std::span<const Dyn<TypeParam>>(table))
                ->needed_count,
            2u);
}

}  // namespace
}  // namespace relink::elf
