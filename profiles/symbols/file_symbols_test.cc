// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/symbols/file_symbols.h"

#include <cstddef>
#include <string>

#include "gtest/gtest.h"
#include "relink/elf/records.h"
#include "relink/elf/testing/image_builder.h"
#include "relink/elf/testing/image_spec.h"

namespace relink::profiles {
namespace {

using elf::BuildImage;
using elf::ImageSpec;

template <class E>
class FileSymbolsTest : public testing::Test {};
using Types =
    testing::Types<elf::Elf32Le, elf::Elf32Be, elf::Elf64Le, elf::Elf64Be>;
TYPED_TEST_SUITE(FileSymbolsTest, Types);

TYPED_TEST(FileSymbolsTest, FindsFunctionsByAddressAndByPlaceInTheFile) {
  ImageSpec spec;
  spec.text = elf::Bytes(0x40, std::byte{0xc3});
  spec.symbols.push_back({.name = "first", .offset = 0, .size = 0x10});
  spec.symbols.push_back({.name = "second", .offset = 0x20, .size = 0x10});
  const auto image = BuildImage<TypeParam>(spec);
  const auto symbols = FileSymbols::Read(image.view());
  ASSERT_TRUE(symbols.ok()) << symbols.status();
  ASSERT_GE(symbols->functions().size(), 2u);
  const auto name_at = [&](uint64_t offset) -> std::string {
    const Place place = Place::At(
        ModuleId(0), FileOffset(image.place(".text").offset + offset));
    const auto address = symbols->AddressOf(place);
    EXPECT_TRUE(address.has_value());
    EXPECT_EQ(symbols->OffsetOf(*address), FileOffset(place.offset));
    const NamedFunction* function = symbols->Find(*address);
    return function != nullptr ? function->name : "";
  };
  EXPECT_EQ(name_at(0), "first");
  EXPECT_EQ(name_at(0xf), "first");
  EXPECT_EQ(name_at(0x10), "");
  EXPECT_EQ(name_at(0x2f), "second");
  EXPECT_EQ(symbols->OffsetOf(LinkAddr(UINT32_MAX)), std::nullopt);
}

TEST(FileSymbols, RefusesWhatIsNoElfFile) {
  const std::string text = "no ELF file";
  EXPECT_EQ(
      FileSymbols::Read(ByteView(text.data(), text.size())).status().code(),
      absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace relink::profiles
