// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/reloc/relocate.h"

#include <elf.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "relink/arch/target.h"
#include "relink/elf/testing/image_builder.h"
#include "relink/elf/testing/image_spec.h"
#include "relink/reloc/staged_modules.h"

namespace relink {
namespace {

using elf::Area;
using elf::ImageRelocation;
using elf::ImageSpec;

// A library with room for relocations and one function.
ImageSpec Library(const std::string& function) {
  ImageSpec spec;
  spec.soname = absl::StrCat("lib", function, ".so");
  spec.text = elf::Bytes(16, std::byte{0xc3});
  spec.data = elf::Bytes(32, std::byte{0xaa});
  spec.symbols = {{.name = function, .offset = 8, .size = 1}};
  return spec;
}

ImageSpec Relocated(const ImageRelocation& relocation) {
  ImageSpec spec = Library("own");
  spec.relocations = {relocation};
  return spec;
}

void Need(ImageSpec& spec, const std::string& symbol,
          const std::string& version = "") {
  spec.symbols.push_back(
      {.name = symbol, .area = Area::kUndefined, .version = version});
}

class RelocateTest : public testing::Test {
 protected:
  absl::StatusOr<std::vector<PendingIndirect>> Relocate(
      const std::vector<ImageSpec>& specs) {
    std::vector<elf::Image<elf::Elf64Le>> images;
    images.reserve(specs.size());
    for (const ImageSpec& spec : specs) {
      images.push_back(elf::BuildImage<elf::Elf64Le>(spec));
    }
    return Relocate(std::move(images));
  }
  absl::StatusOr<std::vector<PendingIndirect>> Relocate(
      std::vector<elf::Image<elf::Elf64Le>> images) {
    staged_ = std::make_unique<StagedModules>(std::move(images));
    if (!staged_->status().ok()) return staged_->status();
    return staged_->RelocateAll();
  }
  // The address of a part of the first image, in a link-time message.
  static std::string Hex(uint64_t value) {
    return absl::StrCat("0x", absl::Hex(value));
  }

  std::unique_ptr<StagedModules> staged_;
};

TEST_F(RelocateTest, AppliesEveryTable) {
  ImageSpec spec = Library("own");
  Need(spec, "other");
  spec.relro = elf::Bytes(16);
  spec.relocations = {{.type = R_X86_64_RELATIVE, .addend = 0x10},
                      {.offset = 8, .type = R_X86_64_64, .symbol = "other"}};
  spec.plt_relocations = {
      {.offset = 16, .type = R_X86_64_JUMP_SLOT, .symbol = "own"}};
  spec.relative_words = {{Area::kRelro, 8}};
  auto indirects = Relocate({spec, Library("other")});
  ASSERT_TRUE(indirects.ok()) << indirects.status();
  EXPECT_TRUE(indirects->empty());
  const uint64_t bias = staged_->modules()[0].member.addresses.bias();
  EXPECT_EQ(staged_->Word(0, ".data", 0), bias + 0x10);
  EXPECT_EQ(staged_->Word(0, ".data", 8), staged_->SymbolAddress(1, "other"));
  EXPECT_EQ(staged_->Word(0, ".data", 16), staged_->SymbolAddress(0, "own"));
  EXPECT_EQ(staged_->Word(0, ".data", 24), 0xaaaa'aaaa'aaaa'aaaau);
  EXPECT_EQ(staged_->Word(0, ".got", 8), bias);
}

TEST_F(RelocateTest, AppliesRelWithItsAddendsInPlace) {
  ImageSpec spec = Relocated({.type = R_X86_64_RELATIVE});
  spec.rela = false;
  spec.data[0] = std::byte{0x10};
  std::fill_n(spec.data.begin() + 1, 7, std::byte{0});
  auto indirects = Relocate({spec});
  ASSERT_TRUE(indirects.ok()) << indirects.status();
  EXPECT_EQ(staged_->Word(0, ".data", 0),
            staged_->modules()[0].member.addresses.bias() + 0x10);
}

TEST_F(RelocateTest, SaysWhichValueOfWhichSymbolDoesNotFitWhere) {
  ImageSpec spec = Relocated({.offset = 4,
                              .type = R_X86_64_PC32,
                              .symbol = "own",
                              .addend = 0x100000000});
  auto image = elf::BuildImage<elf::Elf64Le>(spec);
  const uint64_t place = image.place(".data").addr + 4;
  const uint64_t value = image.symbol("own").st_value + 0x100000000 - place;
  EXPECT_EQ(Relocate({spec}).status(),
            absl::OutOfRangeError(absl::StrCat(
                "image0: DT_RELA[0]: R_X86_64_PC32 against own at ", Hex(place),
                ": value does not fit in its field (", Hex(value), ")")));
}

TEST_F(RelocateTest, RefusesAPlaceThatIsNotWritable) {
  ImageSpec spec = Relocated({.type = R_X86_64_NONE});
  spec.relocations.push_back({.area = Area::kText, .type = R_X86_64_RELATIVE});
  const uint64_t text = elf::BuildImage<elf::Elf64Le>(spec).place(".text").addr;
  EXPECT_EQ(Relocate({spec}).status(),
            absl::OutOfRangeError(absl::StrCat(
                "image0: DT_RELA[1]: R_X86_64_RELATIVE at ", Hex(text),
                ": place is not inside a writable segment")));
  // DT_TEXTREL says that it is.
  spec.dynamic = {{DT_TEXTREL, 0}};
  EXPECT_TRUE(Relocate({spec}).ok());
}

TEST_F(RelocateTest, RefusesAPlaceOutsideOfTheModule) {
  for (const uint64_t place : {uint64_t{0}, uint64_t{1} << 40, UINT64_MAX}) {
    std::vector<elf::Image<elf::Elf64Le>> images;
    images.push_back(elf::BuildImage<elf::Elf64Le>(
        Relocated({.type = R_X86_64_64, .symbol = "own"})));
    images[0].At<elf::Rela<elf::Elf64Le>>(".rela.dyn", 0).r_offset = place;
    EXPECT_EQ(Relocate(std::move(images)).status(),
              absl::OutOfRangeError(absl::StrCat(
                  "image0: DT_RELA[0]: R_X86_64_64 against own at ", Hex(place),
                  ": place is not inside a writable segment")));
  }
}

TEST_F(RelocateTest, NamesTheTableOfProcedureLinkage) {
  ImageSpec spec = Library("own");
  spec.plt_relocations = {
      {.area = Area::kText, .type = R_X86_64_JUMP_SLOT, .symbol = "own"}};
  EXPECT_EQ(Relocate({spec}).status().message().substr(0, 53),
            "image0: DT_JMPREL[0]: R_X86_64_JUMP_SLOT against own ");
}

TEST_F(RelocateTest, RefusesARelrWordOutside) {
  ImageSpec spec = Library("own");
  spec.relative_words = {{Area::kText, 0}, {Area::kData, 0}};
  const absl::Status status = Relocate({spec}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(status.message(),
            "image0: DT_RELR: word 0: place is not inside a writable segment");
}

TEST_F(RelocateTest, RefusesASymbolIndexOutsideOfTheTable) {
  std::vector<elf::Image<elf::Elf64Le>> images;
  images.push_back(elf::BuildImage<elf::Elf64Le>(
      Relocated({.type = R_X86_64_64, .symbol = "own"})));
  images[0].At<elf::Rela<elf::Elf64Le>>(".rela.dyn", 0).r_info =
      (uint64_t{1000000} << 32) | R_X86_64_64;
  const absl::Status status = Relocate(std::move(images)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(absl::EndsWith(status.message(),
                             ": symbol index 1000000 is outside of DT_SYMTAB"))
      << status;
}

TEST_F(RelocateTest, ListsTheUndefinedSymbolsOfAllModules) {
  ImageSpec first = Library("first");
  ImageSpec second = Library("second");
  for (ImageSpec* spec : {&first, &second}) {
    for (const char* name : {"zebra", "aardvark"}) {
      Need(*spec, absl::StrCat(name, "_", spec->soname));
      spec->relocations.push_back(
          {.type = R_X86_64_64,
           .symbol = absl::StrCat(name, "_", spec->soname)});
    }
  }
  EXPECT_EQ(
      Relocate({first, second}).status(),
      absl::NotFoundError(
          "image0: undefined symbol: aardvark_libfirst.so, zebra_libfirst.so; "
          "image1: undefined symbol: aardvark_libsecond.so, "
          "zebra_libsecond.so"));
}

TEST_F(RelocateTest, NamesAnUndefinedSymbolOnceHoweverOftenItIsUsed) {
  ImageSpec spec = Library("own");
  for (int i = 0; i < 100; ++i) {
    const std::string name = absl::StrCat("missing", i % 2);
    if (i < 2) Need(spec, name);
    spec.relocations.push_back({.type = R_X86_64_64, .symbol = name});
    spec.relocations.push_back({.type = R_X86_64_JUMP_SLOT, .symbol = name});
  }
  EXPECT_EQ(Relocate({spec}).status().message(),
            "image0: undefined symbol: missing0, missing1");
}

TEST_F(RelocateTest, SaysWhichVersionALibraryDoesNotDefine) {
  ImageSpec root = Library("root");
  Need(root, "other", "V2");
  root.needs = {{"libother.so", {"V2"}}};
  ImageSpec other = Library("other");
  other.versions = {"V1"};
  other.symbols[0].version = "V1";
  EXPECT_EQ(Relocate({root, other}).status(),
            absl::NotFoundError("image0: needs version V2 of libother.so, "
                                "which does not define it (image1)"));
}

TEST_F(RelocateTest, AsksNoVersionOfALibraryThatHasNone) {
  ImageSpec root = Library("root");
  Need(root, "other", "V2");
  root.needs = {{"libother.so", {"V2"}}};
  root.relocations = {{.type = R_X86_64_64, .symbol = "other"}};
  ASSERT_TRUE(Relocate({root, Library("other")}).ok());
  EXPECT_EQ(staged_->Word(0, ".data", 0), staged_->SymbolAddress(1, "other"));
}

TEST_F(RelocateTest, CopiesAVariableAndBindsItsOwnerToTheCopy) {
  ImageSpec program = Library("main");
  program.bss_size = 16;
  program.symbols.push_back(
      {.name = "v", .area = Area::kBss, .size = 8, .type = STT_OBJECT});
  program.relocations = {
      {.area = Area::kBss, .type = R_X86_64_COPY, .symbol = "v"}};
  ImageSpec library = Library("other");
  library.symbols.push_back({.name = "v",
                             .area = Area::kData,
                             .offset = 16,
                             .size = 8,
                             .type = STT_OBJECT});
  library.relocations = {
      {.offset = 0, .type = R_X86_64_GLOB_DAT, .symbol = "v"}};
  auto indirects = Relocate({program, library});
  ASSERT_TRUE(indirects.ok()) << indirects.status();
  EXPECT_EQ(staged_->Word(0, ".bss", 0), 0xaaaa'aaaa'aaaa'aaaau);
  EXPECT_EQ(staged_->Word(0, ".bss", 8), 0u);
  EXPECT_EQ(staged_->Word(1, ".data", 0), staged_->SymbolAddress(0, "v"));
}

TEST_F(RelocateTest, ReturnsIfuncsWithoutRunningThem) {
  ImageSpec spec = Library("own");
  spec.symbols[0].type = STT_GNU_IFUNC;
  spec.relocations = {{.type = R_X86_64_64, .symbol = "own", .addend = 3},
                      {.offset = 8,
                       .type = R_X86_64_IRELATIVE,
                       .addend = 8,
                       .addend_area = Area::kText}};
  auto indirects = Relocate({spec});
  ASSERT_TRUE(indirects.ok()) << indirects.status();
  ASSERT_EQ(indirects->size(), 2u);
  for (const PendingIndirect& pending : *indirects) {
    EXPECT_EQ(pending.resolver.value(), staged_->SymbolAddress(0, "own"));
  }
  EXPECT_EQ((*indirects)[0].addend, 3u);
  EXPECT_EQ(staged_->Word(0, ".data", 0), 0xaaaa'aaaa'aaaa'aaaau);
}

TEST_F(RelocateTest, RefusesAnIfuncResolverThatIsNotCode) {
  ImageSpec spec =
      Relocated({.type = R_X86_64_IRELATIVE, .addend_area = Area::kData});
  const uint64_t data = elf::BuildImage<elf::Elf64Le>(spec).place(".data").addr;
  EXPECT_EQ(Relocate({spec}).status(),
            absl::InvalidArgumentError(absl::StrCat(
                "image0: R_X86_64_IRELATIVE at ", Hex(data),
                ": ifunc resolver is not in an executable segment")));
}

TEST_F(RelocateTest, GivesThreadLocalStorageBackWithTheModules) {
  ImageSpec spec = Relocated({.type = R_X86_64_DTPMOD64, .symbol = "t"});
  spec.tls = elf::Bytes(8);
  spec.symbols.push_back({.name = "t", .area = Area::kTls, .type = STT_TLS});
  auto indirects = Relocate({spec});
  ASSERT_TRUE(indirects.ok()) << indirects.status();
  EXPECT_EQ(staged_->Word(0, ".data", 0), 1u);
  EXPECT_EQ(staged_->tls().live(), 1);
  staged_->modules().clear();
  EXPECT_EQ(staged_->tls().live(), 0);
}

uint64_t ReturnsBig() { return 0x1'0000'0000; }

TEST(ResolveIndirects, StoresWhatTheResolverReturnsAndAddsTheAddend) {
  uint64_t place = 0;
  const PendingIndirect pending{
      .place = reinterpret_cast<std::byte*>(&place),
      .resolver = RuntimeAddr(reinterpret_cast<uint64_t>(&ReturnsBig)),
      .addend = 5,
      .rule = &HostTarget().Rule(R_X86_64_64),
      .link_place = LinkAddr(0x10)};
  EXPECT_TRUE(ResolveIndirects({&pending, 1}).ok());
  EXPECT_EQ(place, 0x1'0000'0005u);
}

TEST(ResolveIndirects, RefusesAValueThatDoesNotFit) {
  uint32_t place[2] = {};
  const PendingIndirect pending{
      .place = reinterpret_cast<std::byte*>(place),
      .resolver = RuntimeAddr(reinterpret_cast<uint64_t>(&ReturnsBig)),
      .addend = 0,
      .rule = &HostTarget().Rule(R_X86_64_32),
      .link_place = LinkAddr(0x10)};
  EXPECT_EQ(ResolveIndirects({&pending, 1}),
            absl::OutOfRangeError("R_X86_64_32 at 0x10: value of the ifunc "
                                  "does not fit in its field (0x100000000)"));
  EXPECT_EQ(place[0], 0u);
}

}  // namespace
}  // namespace relink
