// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Every row of the relocation table in a loaded image: at each end of its
// range, and one past it.

#include <cstdint>
#include <cstring>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/arch/relocation_rule.h"
#include "relink/arch/target.h"
#include "relink/elf/testing/image_builder.h"
#include "relink/elf/testing/image_spec.h"
#include "relink/link/dlopened_library.h"
#include "relink/link/loader.h"

namespace relink {
namespace {

using elf::Area;
using ::testing::HasSubstr;

constexpr uint64_t kPlace = 16;  // In .data; the symbol is at its start.
constexpr uint64_t kSize = 24;   // Of the symbol.

// A library with one relocation of the rule whose value, before it is stored,
// is `value`.
std::vector<std::byte> ImageFor(const RelocationRule& rule, int64_t value) {
  elf::ImageSpec spec;
  spec.soname = "librule.so";
  spec.text = elf::BytesOf({0xc3});
  spec.data = elf::Bytes(32, std::byte{0xaa});
  spec.symbols = {
      {.name = "place",
       .area = Area::kData,
       .offset = kPlace,
       .size = 8,
       .type = elf::kSttObject},
      {.name = "absolute",
       .area = Area::kAbsolute,
       .offset = 0x1000,
       .size = kSize,
       .type = elf::kSttObject},
      {.name = "object",
       .area = Area::kData,
       .size = kSize,
       .type = elf::kSttObject},
  };
  elf::ImageRelocation relocation{.offset = kPlace, .type = rule.r_type};
  switch (rule.formula) {
    case Formula::kPcRelative:  // S + A - P
      relocation.symbol = "object";
      relocation.addend = value + static_cast<int64_t>(kPlace);
      break;
    case Formula::kSize:  // Z + A
      relocation.symbol = "object";
      relocation.addend = value - static_cast<int64_t>(kSize);
      break;
    default:  // S + A
      relocation.symbol = "absolute";
      relocation.addend = value - 0x1000;
      break;
  }
  spec.relocations = {relocation};
  return elf::BuildImage<elf::Elf64Le>(spec).bytes;
}

absl::StatusOr<Library> Load(const std::vector<std::byte>& bytes) {
  Loader loader;
  return loader.LoadDylib(ModuleSource::FromMemory(bytes, "librule.so"));
}

// The lowest and the highest value that the field of `rule` takes.
std::pair<int64_t, int64_t> Limits(const RelocationRule& rule) {
  const int bits = 8 * static_cast<int>(rule.field);
  const int64_t half = int64_t{1} << (bits - 1);
  switch (rule.fit) {
    case Fit::kSigned:
      return {-half, half - 1};
    case Fit::kUnsigned:
      return {0, 2 * half - 1};
    case Fit::kEither:
      return {-half, 2 * half - 1};
    case Fit::kWraps:
      break;
  }
  return {INT64_MIN, INT64_MAX};
}

std::vector<RelocationRule> RulesWithValues(bool narrow) {
  std::vector<RelocationRule> rules;
  for (const RelocationRule& rule : HostTarget().rules) {
    if (rule.formula != Formula::kAddress && rule.formula != Formula::kSymbol &&
        rule.formula != Formula::kPcRelative &&
        rule.formula != Formula::kSize) {
      continue;
    }
    if ((rule.field == Field::k64) != narrow) rules.push_back(rule);
  }
  return rules;
}

class NarrowRule : public testing::TestWithParam<RelocationRule> {
 protected:
  // Loads an image with the value and checks what was stored, and that nothing
  // was stored beside it.
  void ExpectStored(int64_t value) {
    const std::vector<std::byte> bytes = ImageFor(GetParam(), value);
    auto library = Load(bytes);
    ASSERT_TRUE(library.ok()) << library.status();
    const auto size = static_cast<size_t>(GetParam().field);
    unsigned char expected[8];
    std::memset(expected, 0xaa, sizeof(expected));
    std::memcpy(expected, &value, size);
    EXPECT_EQ(std::memcmp(library->Find("place"), expected, 8), 0) << value;
  }
  void ExpectRefused(int64_t value) {
    const std::vector<std::byte> bytes = ImageFor(GetParam(), value);
    auto library = Load(bytes);
    EXPECT_EQ(library.status().code(), absl::StatusCode::kOutOfRange) << value;
    EXPECT_THAT(
        std::string(library.status().message()),
        testing::AllOf(HasSubstr(absl::StrCat("librule.so: DT_RELA[0]: ",
                                              GetParam().name, " against ")),
                       HasSubstr(absl::StrCat(
                           "value does not fit in its field (0x",
                           absl::Hex(static_cast<uint64_t>(value)), ")"))));
  }
};

TEST_P(NarrowRule, StoresWhatFits) {
  ExpectStored(1);
  ExpectStored(Limits(GetParam()).first);
  ExpectStored(Limits(GetParam()).second);
}

TEST_P(NarrowRule, RefusesOnePastEachEnd) {
  ExpectRefused(Limits(GetParam()).first - 1);
  ExpectRefused(Limits(GetParam()).second + 1);
}

class AnyRule : public testing::TestWithParam<RelocationRule> {};

TEST_P(AnyRule, StoresWhatLdSoStores) {
  const std::vector<std::byte> bytes = ImageFor(GetParam(), 100);
  auto ours = Load(bytes);
  ASSERT_TRUE(ours.ok()) << ours.status();

  const std::string path =
      absl::StrCat(testing::TempDir(), "/librule", GetParam().r_type, ".so");
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  DlopenedLibrary theirs(path);
  if (!theirs.ok()) GTEST_SKIP() << theirs.error();
  EXPECT_EQ(std::memcmp(ours->Find("place"), theirs.Get<char>("place"), 8), 0);
}

std::string RuleName(const testing::TestParamInfo<RelocationRule>& test) {
  return test.param.name;
}

INSTANTIATE_TEST_SUITE_P(, NarrowRule, testing::ValuesIn(RulesWithValues(true)),
                         RuleName);
INSTANTIATE_TEST_SUITE_P(Narrow, AnyRule,
                         testing::ValuesIn(RulesWithValues(true)), RuleName);
INSTANTIATE_TEST_SUITE_P(Whole, AnyRule,
                         testing::ValuesIn(RulesWithValues(false)), RuleName);

TEST(UnknownRelocation, IsRefusedByNumber) {
  const std::vector<std::byte> bytes = ImageFor({.r_type = 99}, 0);
  auto library = Load(bytes);
  EXPECT_EQ(library.status().code(), absl::StatusCode::kUnimplemented);
  EXPECT_THAT(
      std::string(library.status().message()),
      HasSubstr("librule.so: DT_RELA[0]: type 99 against absolute at "));
}

}  // namespace
}  // namespace relink
