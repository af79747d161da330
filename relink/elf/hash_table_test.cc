// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/hash_table.h"

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "gtest/gtest.h"
#include "relink/elf/testing/elf_types.h"
#include "relink/elf/testing/image_symbols.h"

namespace relink::elf {
namespace {

// Tables are written out word by word here, each wrong in one of them.
template <class E>
class HashTableOf : public testing::Test {
 protected:
  static Bytes Words(std::initializer_list<uint32_t> words) {
    Bytes bytes;
    for (uint32_t word : words) Append(&bytes, typename E::Word(word));
    return bytes;
  }
  // One filter word that lets everything through.
  static Bytes Gnu(uint32_t bucket_count, uint32_t first,
                   std::initializer_list<uint32_t> buckets_and_chain) {
    Bytes bytes = Words({bucket_count, first, 1, 6});
    Append(&bytes, typename E::Addr(static_cast<typename E::Native>(-1)));
    for (uint32_t word : buckets_and_chain) {
      Append(&bytes, typename E::Word(word));
    }
    return bytes;
  }
  static std::vector<uint32_t> FoundInGnu(const Bytes& bytes, uint32_t hash) {
    std::vector<uint32_t> found;
    auto table = GnuHashTable<E>::Parse(ByteView(bytes));
    if (!table.ok()) ADD_FAILURE() << table.error().what;
    table->Find(hash, [&](uint32_t index) {
      found.push_back(index);
      return false;
    });
    return found;
  }
  static std::vector<uint32_t> FoundInSysv(const Bytes& bytes, uint32_t hash) {
    std::vector<uint32_t> found;
    auto table = SysvHashTable<E>::Parse(ByteView(bytes));
    if (!table.ok()) ADD_FAILURE() << table.error().what;
    table->Find(hash, [&](uint32_t index) {
      found.push_back(index);
      return false;
    });
    return found;
  }
  using Indices = std::vector<uint32_t>;
};
TYPED_TEST_SUITE(HashTableOf, ElfTypes, ElfTypeName);

TYPED_TEST(HashTableOf, GnuOffersOnlySymbolsOfTheHash) {
  const Bytes table = TestFixture::Gnu(1, 1, {1, 0x10, 0x20, 0x11});
  EXPECT_EQ(TestFixture::FoundInGnu(table, 0x10),
            (typename TestFixture::Indices{1, 3}));
  EXPECT_EQ(TestFixture::FoundInGnu(table, 0x20),
            (typename TestFixture::Indices{2}));
}

TYPED_TEST(HashTableOf, GnuStopsAtTheOddWord) {
  const Bytes table = TestFixture::Gnu(1, 1, {1, 0x11, 0x11});
  EXPECT_EQ(TestFixture::FoundInGnu(table, 0x10),
            (typename TestFixture::Indices{1}));
}

TYPED_TEST(HashTableOf, GnuStopsWhereAcceptIsContent) {
  const Bytes bytes = TestFixture::Gnu(1, 1, {1, 0x10, 0x10, 0x11});
  auto table = GnuHashTable<TypeParam>::Parse(ByteView(bytes));
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->Find(0x10, [](uint32_t index) { return index == 2; }), 2u);
}

TYPED_TEST(HashTableOf, GnuAsksItsFilterFirst) {
  Bytes bytes = TestFixture::Gnu(1, 1, {1, 0x11});
  for (size_t i = 16; i < 16 + sizeof(typename TypeParam::Native); ++i) {
    bytes[i] = std::byte{0};
  }
  EXPECT_TRUE(TestFixture::FoundInGnu(bytes, 0x10).empty());
}

TYPED_TEST(HashTableOf, GnuWithoutBucketsFindsNothing) {
  EXPECT_TRUE(
      TestFixture::FoundInGnu(TestFixture::Gnu(0, 1, {}), 0x10).empty());
}

TYPED_TEST(HashTableOf, GnuIgnoresABucketBeforeItsFirstSymbol) {
  const Bytes table = TestFixture::Gnu(1, 5, {4, 0x11});
  EXPECT_TRUE(TestFixture::FoundInGnu(table, 0x10).empty());
}

TYPED_TEST(HashTableOf, GnuIgnoresABucketPastItsChain) {
  const Bytes table = TestFixture::Gnu(1, 1, {UINT32_MAX, 0x11});
  EXPECT_TRUE(TestFixture::FoundInGnu(table, 0x10).empty());
}

TYPED_TEST(HashTableOf, GnuEndsAnEndlessChainWithItsBytes) {
  const Bytes table = TestFixture::Gnu(1, 1, {1, 0x10, 0x10, 0x10});
  EXPECT_EQ(TestFixture::FoundInGnu(table, 0x10),
            (typename TestFixture::Indices{1, 2, 3}));
}

TYPED_TEST(HashTableOf, GnuCountsToTheEndOfItsLastChain) {
  const Bytes bytes = TestFixture::Gnu(2, 1, {1, 3, 0x10, 0x11, 0x20, 0x21});
  auto table = GnuHashTable<TypeParam>::Parse(ByteView(bytes));
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->CountSymbols(), 5u);
}

TYPED_TEST(HashTableOf, GnuWithNothingHashedCountsItsFirstSymbol) {
  const Bytes bytes = TestFixture::Gnu(1, 7, {0});
  auto table = GnuHashTable<TypeParam>::Parse(ByteView(bytes));
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->CountSymbols(), 7u);
}

TYPED_TEST(HashTableOf, GnuRefusesAFilterThatIsNoPowerOfTwo) {
  for (uint32_t size : {0u, 3u, 6u, UINT32_MAX}) {
    const Bytes bytes = TestFixture::Words({0, 0, size, 0, 0, 0, 0, 0, 0, 0});
    auto table = GnuHashTable<TypeParam>::Parse(ByteView(bytes));
    ASSERT_FALSE(table.ok()) << size;
    EXPECT_EQ(table.error().code, ErrorCode::kMalformed);
  }
}

TYPED_TEST(HashTableOf, GnuRefusesAShiftOfAWholeWord) {
  const Bytes bytes = TestFixture::Words({0, 0, 1, 32, 0, 0});
  EXPECT_FALSE(GnuHashTable<TypeParam>::Parse(ByteView(bytes)).ok());
}

TYPED_TEST(HashTableOf, GnuRefusesTablesPastTheEnd) {
  const Bytes filter = TestFixture::Words({0, 0, 8, 0, 0});
  EXPECT_FALSE(GnuHashTable<TypeParam>::Parse(ByteView(filter)).ok());
  const Bytes buckets = TestFixture::Gnu(3, 1, {1, 1});
  EXPECT_FALSE(GnuHashTable<TypeParam>::Parse(ByteView(buckets)).ok());
  EXPECT_FALSE(GnuHashTable<TypeParam>::Parse(ByteView()).ok());
}

TYPED_TEST(HashTableOf, SysvFollowsItsChain) {
  // nbucket, nchain, two buckets, the chain of 0, 1, 2, 3.
  const Bytes table = TestFixture::Words({2, 4, 3, 2, 0, 0, 0, 1});
  EXPECT_EQ(TestFixture::FoundInSysv(table, 4),
            (typename TestFixture::Indices{3, 1}));
  EXPECT_EQ(TestFixture::FoundInSysv(table, 5),
            (typename TestFixture::Indices{2}));
}

TYPED_TEST(HashTableOf, SysvGivesUpOnALoop) {
  const Bytes table = TestFixture::Words({1, 3, 1, 0, 2, 1});
  EXPECT_EQ(TestFixture::FoundInSysv(table, 0),
            (typename TestFixture::Indices{1, 2, 1}));
}

TYPED_TEST(HashTableOf, SysvStopsWhereTheChainLeavesTheTable) {
  const Bytes table = TestFixture::Words({1, 2, 1, 0, 9});
  EXPECT_EQ(TestFixture::FoundInSysv(table, 0),
            (typename TestFixture::Indices{1}));
}

TYPED_TEST(HashTableOf, SysvWithoutBucketsFindsNothing) {
  EXPECT_TRUE(
      TestFixture::FoundInSysv(TestFixture::Words({0, 1, 0}), 0).empty());
}

TYPED_TEST(HashTableOf, SysvRefusesCountsPastTheEnd) {
  for (const Bytes& bytes :
       {TestFixture::Words({1}), TestFixture::Words({2, 1, 0, 0}),
        TestFixture::Words({0x80000000, 0x80000000, 0, 0}),
        TestFixture::Words({UINT32_MAX, UINT32_MAX, 0, 0})}) {
    auto table = SysvHashTable<TypeParam>::Parse(ByteView(bytes));
    ASSERT_FALSE(table.ok());
    EXPECT_EQ(table.error().code, ErrorCode::kOutOfRange);
  }
}

TYPED_TEST(HashTableOf, AbsentOnesFindNothing) {
  const GnuHashTable<TypeParam> gnu;
  const SysvHashTable<TypeParam> sysv;
  EXPECT_FALSE(gnu.present());
  EXPECT_FALSE(sysv.present());
  EXPECT_EQ(gnu.Find(0, [](uint32_t) { return true; }), 0u);
  EXPECT_EQ(sysv.Find(0, [](uint32_t) { return true; }), 0u);
}

}  // namespace
}  // namespace relink::elf
