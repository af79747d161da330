// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/definitions.h"

#include "gtest/gtest.h"
#include "relink/elf/testing/image_builder.h"
#include "relink/elf/testing/parsed_image.h"

namespace relink::elf {
namespace {

// Two versions: V1 holds old things, V2 the defaults.
ImageSpec Versioned() {
  ImageSpec spec;
  spec.soname = "libversioned.so";
  spec.text = Bytes(64);
  spec.versions = {"V1", "V2"};
  spec.needs = {{"libother.so", {"V1", "V3"}}};
  spec.symbols = {
      {.name = "both", .version = "V1", .hidden = true},
      {.name = "both", .offset = 8, .version = "V2"},
      {.name = "old", .offset = 16, .version = "V1", .hidden = true},
      {.name = "plain", .offset = 24},
      {.name = "newer", .offset = 32, .version = "V2"},
      {.name = "needed", .area = Area::kUndefined, .version = "V3"},
  };
  return spec;
}

class DefinitionsTest : public testing::Test {
 protected:
  using Request = Definitions<Elf64Le>::Request;

  // The link address offset into .text of what is found, or -1.
  int64_t Find(const SymbolName& name, const Request& request) const {
    const uint32_t index = parsed_.definitions().Find(name, request);
    if (index == 0) return -1;
    return LinkAddr(parsed_.symbols[index].st_value) -
           LinkAddr(image_.place(".text").addr);
  }
  // A version as a reference to it has it.
  static Version Named(StringRef name, bool hidden = false) {
    return {.hash = SysvHash(name),
            .name = name,
            .file = {},
            .hidden = hidden,
            .weak = false};
  }

  const Image<Elf64Le> image_ = BuildImage<Elf64Le>(Versioned());
  const ParsedImage<Elf64Le> parsed_{image_.view()};
  const Version v1_ = Named("V1");
  const Version v2_ = Named("V2");
  const Version v9_ = Named("V9");
  const Version hidden_v2_ = Named("V2", true);
};

TEST_F(DefinitionsTest, BindAVersionedReferenceToItsVersion) {
  EXPECT_EQ(Find("both", {.version = &v1_}), 0);
  EXPECT_EQ(Find("both", {.version = &v2_}), 8);
}

TEST_F(DefinitionsTest, DoNotBindToAnotherVersion) {
  EXPECT_EQ(Find("newer", {.version = &v1_}), -1);
  EXPECT_EQ(Find("both", {.version = &v9_}), -1);
}

TEST_F(DefinitionsTest, BindAVersionedReferenceToAnUnversionedDefinition) {
  EXPECT_EQ(Find("plain", {.version = &v2_}), 24);
}

TEST_F(DefinitionsTest, DoNotBindAHiddenReferenceToAnUnversionedDefinition) {
  EXPECT_EQ(Find("plain", {.version = &hidden_v2_}), -1);
}

TEST_F(DefinitionsTest, BindAReferenceWithoutVersionToTheOldest) {
  EXPECT_EQ(Find("both", {}), 0);
  EXPECT_EQ(Find("old", {}), 16);
}

TEST_F(DefinitionsTest, BindDlsymToTheDefault) {
  EXPECT_EQ(Find("both", {.newest = true}), 8);
}

TEST_F(DefinitionsTest, BindToTheOnlyVersionThereIs) {
  EXPECT_EQ(Find("newer", {}), 32);
}

TEST_F(DefinitionsTest, DoNotFindWhatIsOnlyNeeded) {
  EXPECT_EQ(Find("needed", {}), -1);
}

TEST_F(DefinitionsTest, GiveNoVersionToIndicesWithoutOne) {
  EXPECT_EQ(parsed_.definitions().VersionAt(0).hash, 0u);
  EXPECT_EQ(parsed_.definitions().VersionAt(0x7fff).hash, 0u);
}

TEST_F(DefinitionsTest, IgnoreTheHiddenBitInAVersionIndex) {
  EXPECT_TRUE(parsed_.definitions().VersionAt(2 | kVersymHidden).name ==
              StringRef("V1"));
}

// Symbols without versions: which of them define a name.
bool Defines(const ImageSymbol& symbol, bool skip_undefined = false,
             uint64_t value = 0) {
  ImageSpec spec;
  spec.text = Bytes(64);
  spec.tls = Bytes(8);
  spec.gnu_hash = false;  // Holds undefined symbols too.
  spec.sysv_hash = true;
  spec.symbols = {symbol};
  Image<Elf64Le> image = BuildImage<Elf64Le>(spec);
  if (value != 0) image.symbol(symbol.name).st_value = value;
  const ParsedImage<Elf64Le> parsed(image.view());
  return parsed.definitions().Find("name",
                                   {.skip_undefined = skip_undefined}) != 0;
}

TEST(Definitions, AreOfEveryKindThatHasAnAddress) {
  for (uint8_t type :
       {kSttNotype, kSttObject, kSttFunc, kSttCommon, kSttGnuIfunc}) {
    EXPECT_TRUE(Defines({.name = "name", .type = type})) << int{type};
  }
}

TEST(Definitions, AreNotSectionsFilesOrUnknownTypes) {
  for (uint8_t type : {kSttSection, kSttFile, uint8_t{7}, uint8_t{15}}) {
    EXPECT_FALSE(Defines({.name = "name", .type = type})) << int{type};
  }
}

TEST(Definitions, AreGlobalWeakOrUnique) {
  for (uint8_t bind : {kStbGlobal, kStbWeak, kStbGnuUnique}) {
    EXPECT_TRUE(Defines({.name = "name", .bind = bind})) << int{bind};
  }
  EXPECT_FALSE(Defines({.name = "name", .bind = uint8_t{13}}));
}

TEST(Definitions, MayBeAbsoluteZero) {
  EXPECT_TRUE(Defines({.name = "name", .area = Area::kAbsolute}));
}

TEST(Definitions, MayBeThreadLocalAtOffsetZero) {
  EXPECT_TRUE(Defines({.name = "name", .area = Area::kTls, .type = kSttTls}));
}

TEST(Definitions, AreNotUndefinedSymbols) {
  EXPECT_FALSE(Defines({.name = "name", .area = Area::kUndefined}));
  EXPECT_FALSE(Defines(
      {.name = "name", .area = Area::kUndefined, .type = kSttTls}, false, 8));
}

TEST(Definitions, MayBeAnExecutablesCanonicalPltEntry) {
  const ImageSymbol plt = {.name = "name", .area = Area::kUndefined};
  EXPECT_TRUE(Defines(plt, false, 0x1000));
  EXPECT_FALSE(Defines(plt, true, 0x1000));
}

}  // namespace
}  // namespace relink::elf
