// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/inspect_facts.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "relink/elf/constants.h"
#include "relink/elf/testing/image_builder.h"

namespace relink::tools {
namespace {

using elf::Area;
using elf::BuildImage;
using elf::Image;
using elf::ImageSpec;

// One of everything that a small library has.
ImageSpec Library() {
  ImageSpec spec;
  spec.machine = elf::kEmX86_64;
  spec.soname = "libsmall.so.1";
  spec.runpath = "$ORIGIN/lib";
  spec.needed = {"liba.so", "libb.so"};
  spec.text = elf::Bytes(16);
  spec.data = elf::Bytes(64);
  spec.relro = elf::Bytes(16);
  spec.tls = elf::Bytes(8);
  spec.tls_bss_size = 8;
  spec.versions = {"V1", "V2"};
  spec.needs = {{.file = "liba.so", .versions = {"A1"}}};
  spec.symbols = {
      {.name = "wanted", .area = Area::kUndefined, .version = "A1"},
      {.name = "plain", .size = 4},
      {.name = "current", .size = 4, .version = "V2"},
      {.name = "old", .size = 4, .version = "V1", .hidden = true},
      {.name = "variable",
       .area = Area::kTls,
       .size = 8,
       .bind = elf::kStbWeak,
       .type = elf::kSttTls},
  };
  spec.relocations = {
      {.offset = 0, .type = 8, .addend = 0x1000},  // R_X86_64_RELATIVE
      {.offset = 8, .type = 8, .addend = 0x1008},
      {.offset = 16, .type = 16, .symbol = "variable"},  // R_X86_64_DTPMOD64
      {.offset = 24, .type = 37, .addend = 0x1000},      // R_X86_64_IRELATIVE
  };
  spec.plt_relocations = {{.offset = 32, .type = 7, .symbol = "wanted"}};
  return spec;
}

template <class E>
class CollectFactsTest : public testing::Test {
 protected:
  static FileFacts Facts(const Image<E>& image) {
    auto facts = CollectFacts(image.view());
    EXPECT_TRUE(facts.ok()) << facts.error().what;
    return *std::move(facts);
  }
};
using EveryElfType =
    testing::Types<elf::Elf32Le, elf::Elf32Be, elf::Elf64Le, elf::Elf64Be>;
TYPED_TEST_SUITE(CollectFactsTest, EveryElfType);

TYPED_TEST(CollectFactsTest, KnowsALibraryOfAnyClassAndByteOrder) {
  const Image<TypeParam> image = BuildImage<TypeParam>(Library());
  const FileFacts facts = this->Facts(image);
  EXPECT_EQ(facts.platform.elf_class, TypeParam::kClass);
  EXPECT_EQ(facts.platform.byte_order, TypeParam::kData);
  EXPECT_EQ(facts.kind, "shared object");
  EXPECT_EQ(facts.soname, "libsmall.so.1");
  EXPECT_EQ(facts.runpath, "$ORIGIN/lib");
  EXPECT_EQ(facts.rpath, std::nullopt);
  EXPECT_EQ(facts.needed,
            (std::vector<absl::string_view>{"liba.so", "libb.so"}));
  EXPECT_EQ(facts.tls.memsz, 16u);
  EXPECT_EQ(facts.tls.filesz, 8u);
  EXPECT_FALSE(facts.protection.bind_now);
  EXPECT_EQ(facts.protection.rwx_segments, 0u);
  EXPECT_NE(facts.protection.relro_bytes, 0u);
  EXPECT_EQ(facts.capability.level, "Sectioned");
  EXPECT_TRUE(facts.errors.empty()) << facts.errors[0];
  EXPECT_TRUE(facts.warnings.empty()) << facts.warnings[0];
}

TYPED_TEST(CollectFactsTest, CountsSymbolsAndRelocations) {
  const Image<TypeParam> image = BuildImage<TypeParam>(Library());
  const FileFacts facts = this->Facts(image);
  EXPECT_EQ(facts.dynamic_symbols.total, 5u);
  EXPECT_EQ(facts.dynamic_symbols.undefined, 1u);
  EXPECT_EQ(facts.dynamic_symbols.by_type[elf::kSttFunc], 4u);
  EXPECT_EQ(facts.dynamic_symbols.by_bind[elf::kStbWeak], 1u);
  const RelocationCounts& counts = facts.relocations;
  EXPECT_EQ(counts.Total(), 5u);
  EXPECT_EQ(counts[RelocationTable::kRela].by_type.at(8), 2u);
  EXPECT_EQ(counts[RelocationTable::kJmprel].total, 1u);
  if (TypeParam::kClass == elf::kElfClass64 &&
      TypeParam::kData == elf::kElfData2Lsb) {
    using enum RelocationRole;
    EXPECT_EQ(counts.CountRole(facts.platform, kRelative), 2u);
    EXPECT_EQ(counts.CountRole(facts.platform, kTls), 1u);
    EXPECT_EQ(counts.CountRole(facts.platform, kIfunc), 1u);
    EXPECT_EQ(counts.CountRole(facts.platform, kCopy), 0u);
  }
}

TYPED_TEST(CollectFactsTest, CountsTheWordsOfARelrTable) {
  ImageSpec spec = Library();
  for (uint64_t i = 0; i < 4; ++i) {
    spec.relative_words.emplace_back(Area::kData,
                                     i * sizeof(typename TypeParam::Native));
  }
  const Image<TypeParam> image = BuildImage<TypeParam>(spec);
  EXPECT_EQ(this->Facts(image).relocations[RelocationTable::kRelr].total, 4u);
}

TYPED_TEST(CollectFactsTest, ListsSymbolsWithTheirVersions) {
  const Image<TypeParam> image = BuildImage<TypeParam>(Library());
  std::vector<std::string> names;
  ASSERT_TRUE(ListSymbols(image.view(), [&](const SymbolFacts& symbol) {
                names.push_back(symbol.VersionedName());
              }).ok());
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names, (std::vector<std::string>{"current@@V2", "old@V1", "plain",
                                             "variable", "wanted@A1"}));
}

TYPED_TEST(CollectFactsTest, ListsRelocationsWithTheirSymbols) {
  const Image<TypeParam> image = BuildImage<TypeParam>(Library());
  std::vector<std::string> symbols;
  ASSERT_TRUE(ListRelocations(image.view(), [&](const RelocationFacts& entry) {
                symbols.emplace_back(entry.symbol);
              }).ok());
  EXPECT_EQ(symbols,
            (std::vector<std::string>{"", "", "variable", "", "wanted"}));
}

TYPED_TEST(CollectFactsTest, SaysWhyAFileIsOpaque) {
  ImageSpec spec = Library();
  spec.section_headers = false;
  const Image<TypeParam> stripped = BuildImage<TypeParam>(spec);
  FileFacts facts = this->Facts(stripped);
  EXPECT_EQ(facts.capability.level, "Opaque");
  EXPECT_EQ(facts.capability.reason, "no section headers");
  EXPECT_TRUE(facts.sections.empty());
  EXPECT_EQ(facts.dynamic_symbols.total, 5u);

  Image<TypeParam> broken = BuildImage<TypeParam>(Library());
  broken.header().e_shoff = 0xfffff0;
  facts = this->Facts(broken);
  EXPECT_EQ(facts.capability.reason, "section headers are unusable");
  ASSERT_EQ(facts.warnings.size(), 1u);
  EXPECT_EQ(facts.warnings[0],
            "section headers: section headers run past the end of the file "
            "(at 0xfffff0)");
  EXPECT_TRUE(facts.errors.empty());
}

TYPED_TEST(CollectFactsTest, ReadsAroundABrokenTable) {
  Image<TypeParam> image = BuildImage<TypeParam>(Library());
  image.dynamic(elf::kDtJmprel).d_val = 0x7f000000;
  const FileFacts facts = this->Facts(image);
  ASSERT_EQ(facts.errors.size(), 1u);
  EXPECT_EQ(facts.errors[0].message(),
            "dynamic relocations: address is in no loaded segment "
            "(at 0x7f000000)");
  EXPECT_EQ(facts.soname, "libsmall.so.1");
  EXPECT_EQ(facts.dynamic_symbols.total, 5u);
}

TYPED_TEST(CollectFactsTest, NamesTheEntryOfABrokenDynamicTable) {
  Image<TypeParam> image = BuildImage<TypeParam>(Library());
  image.dynamic(elf::kDtSyment).d_val = 1;
  const FileFacts facts = this->Facts(image);
  ASSERT_EQ(facts.errors.size(), 1u);
  EXPECT_EQ(facts.errors[0].code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(absl::StartsWith(
      facts.errors[0].message(),
      "dynamic table: DT_SYMENT is not the size of a symbol (at entry "))
      << facts.errors[0];
}

TYPED_TEST(CollectFactsTest, SeesWeakProtection) {
  Image<TypeParam> image = BuildImage<TypeParam>(Library());
  image.segment(elf::kPtLoad, 2).p_flags = elf::kPfR | elf::kPfW | elf::kPfX;
  image.AddDynamic(elf::kDtFlags, elf::kDfTextrel | elf::kDfBindNow);
  const FileFacts facts = this->Facts(image);
  EXPECT_EQ(facts.protection.rwx_segments, 1u);
  EXPECT_TRUE(facts.protection.text_relocations);
  EXPECT_TRUE(facts.protection.bind_now);
}

// Any byte of a file may be anything: we say something or refuse, and stay in
// bounds (which the sanitizer builds check).
TYPED_TEST(CollectFactsTest, SurvivesEveryChangedByte) {
  const Image<TypeParam> image = BuildImage<TypeParam>(Library());
  for (size_t i = 0; i < image.bytes.size(); ++i) {
    if (image.bytes[i] == std::byte{0} && i % 16 != 0) continue;
    elf::Bytes bytes = image.bytes;
    bytes[i] ^= std::byte{0xff};
    (void)CollectFacts(ByteView(bytes));
    (void)ListSymbols(ByteView(bytes), [](const SymbolFacts&) {});
    (void)ListRelocations(ByteView(bytes), [](const RelocationFacts&) {});
  }
}

TYPED_TEST(CollectFactsTest, RefusesATruncatedFile) {
  const Image<TypeParam> image = BuildImage<TypeParam>(Library());
  for (size_t size : {size_t{0}, size_t{3}, size_t{40}, size_t{100},
                      image.bytes.size() / 2}) {
    EXPECT_FALSE(CollectFacts(ByteView(image.bytes.data(), size)).ok()) << size;
  }
}

}  // namespace
}  // namespace relink::tools
