// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/symbol_table.h"

#include <random>
#include <string>

#include "gtest/gtest.h"
#include "relink/elf/testing/elf_types.h"
#include "relink/elf/testing/image_builder.h"
#include "relink/elf/testing/parsed_image.h"

namespace relink::elf {
namespace {

StringRef Ref(const std::string& text) {
  return StringRef(text.data(), text.size());
}

// Names that share prefixes and lengths, so that buckets collide.
ImageSpec RandomSymbols(uint32_t seed, int count, bool gnu_hash) {
  std::mt19937 random(seed);
  ImageSpec spec;
  spec.text = Bytes(64);
  spec.gnu_hash = gnu_hash;
  spec.sysv_hash = !gnu_hash;
  for (int i = 0; i < count; ++i) {
    std::string name = i % 3 == 0 ? "common_prefix_" : "s";
    name += std::to_string(random() % 5000) + "_" + std::to_string(i);
    spec.symbols.push_back(
        {.name = name,
         .area = random() % 4 == 0 ? Area::kUndefined : Area::kText,
         .offset = random() % 64,
         .bind = random() % 8 == 0 ? kStbLocal : kStbGlobal});
  }
  return spec;
}

template <class E>
uint32_t FindLinearly(const SymbolTable<E>& symbols, StringRef name) {
  for (uint32_t i = 1; i < symbols.CountSymbols(); ++i) {
    const Sym<E>& symbol = symbols[i];
    if (symbol.bind() != kStbLocal && symbols.Name(symbol) == name) return i;
  }
  return 0;
}

template <class E>
uint32_t Find(const SymbolTable<E>& symbols, const std::string& name) {
  return symbols.Find(SymbolName(Ref(name)), [](uint32_t) { return true; });
}

template <class E>
class SymbolTableOf : public testing::Test {};
TYPED_TEST_SUITE(SymbolTableOf, ElfTypes, ElfTypeName);

TYPED_TEST(SymbolTableOf, GnuHashFindsWhatALinearScanFinds) {
  for (uint32_t seed = 0; seed < 20; ++seed) {
    const ImageSpec spec = RandomSymbols(seed, 1 + 37 * seed, true);
    const Image<TypeParam> image = BuildImage<TypeParam>(spec);
    const ParsedImage<TypeParam> parsed(image.view());
    ASSERT_TRUE(parsed.symbols.has_gnu_hash());
    for (const ImageSymbol& symbol : spec.symbols) {
      // The table holds definitions only.
      const bool hashed =
          symbol.area != Area::kUndefined && symbol.bind != kStbLocal;
      const uint32_t expected =
          hashed ? FindLinearly<TypeParam>(parsed.symbols, Ref(symbol.name))
                 : 0;
      EXPECT_EQ(Find<TypeParam>(parsed.symbols, symbol.name), expected)
          << symbol.name;
      EXPECT_EQ(Find<TypeParam>(parsed.symbols, symbol.name + "x"), 0u);
    }
  }
}

TYPED_TEST(SymbolTableOf, SysvHashFindsWhatALinearScanFinds) {
  for (uint32_t seed = 0; seed < 20; ++seed) {
    const ImageSpec spec = RandomSymbols(seed, 1 + 37 * seed, false);
    const Image<TypeParam> image = BuildImage<TypeParam>(spec);
    const ParsedImage<TypeParam> parsed(image.view());
    ASSERT_TRUE(parsed.symbols.has_sysv_hash());
    for (const ImageSymbol& symbol : spec.symbols) {
      EXPECT_EQ(Find<TypeParam>(parsed.symbols, symbol.name),
                FindLinearly<TypeParam>(parsed.symbols, Ref(symbol.name)))
          << symbol.name;
      EXPECT_EQ(Find<TypeParam>(parsed.symbols, symbol.name + "x"), 0u);
    }
  }
}

TYPED_TEST(SymbolTableOf, CountsTheSameByEitherHash) {
  for (int count : {1, 2, 50, 333}) {
    for (bool gnu_hash : {true, false}) {
      const Image<TypeParam> image =
          BuildImage<TypeParam>(RandomSymbols(7, count, gnu_hash));
      const ParsedImage<TypeParam> parsed(image.view());
      EXPECT_EQ(parsed.symbols.CountSymbols(), static_cast<uint32_t>(count) + 1)
          << gnu_hash;
    }
  }
}

TYPED_TEST(SymbolTableOf, WithoutAHashFindsNothing) {
  ImageSpec spec = RandomSymbols(1, 10, true);
  spec.gnu_hash = false;
  const Image<TypeParam> image = BuildImage<TypeParam>(spec);
  const ParsedImage<TypeParam> parsed(image.view());
  EXPECT_EQ(Find<TypeParam>(parsed.symbols, spec.symbols[0].name), 0u);
}

TYPED_TEST(SymbolTableOf, WithoutAHashCountsUpToItsStrings) {
  ImageSpec spec = RandomSymbols(1, 10, true);
  spec.gnu_hash = false;
  const Image<TypeParam> image = BuildImage<TypeParam>(spec);
  const ParsedImage<TypeParam> parsed(image.view());
  EXPECT_EQ(parsed.symbols.CountSymbols(), 11u);
}

TYPED_TEST(SymbolTableOf, DoesNotTakeAPrefixForTheName) {
  ImageSpec spec;
  spec.text = Bytes(8);
  spec.symbols = {{.name = "name"}};
  const Image<TypeParam> image = BuildImage<TypeParam>(spec);
  const ParsedImage<TypeParam> parsed(image.view());
  EXPECT_NE(Find<TypeParam>(parsed.symbols, "name"), 0u);
  EXPECT_EQ(Find<TypeParam>(parsed.symbols, "nam"), 0u);
  EXPECT_EQ(Find<TypeParam>(parsed.symbols, "names"), 0u);
}

TYPED_TEST(SymbolTableOf, OffersEverySymbolOfAName) {
  ImageSpec spec;
  spec.text = Bytes(8);
  spec.symbols = {{.name = "twice"}, {.name = "other"}, {.name = "twice"}};
  const Image<TypeParam> image = BuildImage<TypeParam>(spec);
  const ParsedImage<TypeParam> parsed(image.view());
  int offered = 0;
  EXPECT_EQ(parsed.symbols.Find("twice",
                                [&](uint32_t) {
                                  ++offered;
                                  return false;
                                }),
            0u);
  EXPECT_EQ(offered, 2);
}

TYPED_TEST(SymbolTableOf, LeavesANamePastTheStringsEmpty) {
  ImageSpec spec;
  spec.text = Bytes(8);
  spec.symbols = {{.name = "name"}};
  Image<TypeParam> image = BuildImage<TypeParam>(spec);
  image.symbol("name").st_name = UINT32_MAX;
  const ParsedImage<TypeParam> parsed(image.view());
  EXPECT_TRUE(parsed.symbols.Name(parsed.symbols[1]).empty());
  EXPECT_EQ(Find<TypeParam>(parsed.symbols, "name"), 0u);
}

TYPED_TEST(SymbolTableOf, WithoutVersionsGivesTheGlobalIndex) {
  ImageSpec spec;
  spec.text = Bytes(8);
  spec.symbols = {{.name = "name"}};
  const Image<TypeParam> image = BuildImage<TypeParam>(spec);
  const ParsedImage<TypeParam> parsed(image.view());
  EXPECT_FALSE(parsed.symbols.versioned());
  EXPECT_EQ(parsed.symbols.Version(1), kVerNdxGlobal);
}

TYPED_TEST(SymbolTableOf, RefusesATableOutsideOfItsSegments) {
  for (int64_t tag : {kDtSymtab, kDtStrtab, kDtGnuHash}) {
    Image<TypeParam> image = BuildImage<TypeParam>(RandomSymbols(1, 5, true));
    image.dynamic(tag).d_val = static_cast<typename TypeParam::Native>(-8);
    EXPECT_THROW(ParsedImage<TypeParam>(image.view()), std::runtime_error);
  }
}

TEST(SymbolTable, IsEmptyByDefault) {
  const SymbolTable<Elf64Le> symbols;
  EXPECT_EQ(symbols.limit(), 0u);
  EXPECT_EQ(symbols.CountSymbols(), 0u);
  EXPECT_EQ(symbols.Find("name", [](uint32_t) { return true; }), 0u);
}

}  // namespace
}  // namespace relink::elf
