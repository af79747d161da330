// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// What references bind to. The images are staged where they cannot run; that
// ld.so binds the same way, link/ tests with libraries that do.

#include "relink/reloc/symbol_binder.h"

#include <elf.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "relink/arch/target.h"
#include "relink/elf/hash_filter.h"
#include "relink/elf/symbol_name.h"
#include "relink/elf/testing/image_builder.h"
#include "relink/elf/testing/image_spec.h"
#include "relink/reloc/staged_modules.h"

namespace relink {
namespace {

using elf::Area;
using elf::ImageSpec;
using elf::ImageSymbol;
using Images = std::vector<elf::Image<elf::Elf64Le>>;

// An image that defines `names` and refers to nothing.
ImageSpec Defining(const std::vector<std::string>& names) {
  ImageSpec spec;
  spec.soname = "lib.so";
  spec.text = elf::Bytes(64, std::byte{0xc3});
  spec.data = elf::Bytes(64);
  uint64_t offset = 8;
  for (const std::string& name : names) {
    spec.symbols.push_back({.name = name, .offset = offset++, .size = 1});
  }
  return spec;
}

ImageSpec Referring(const ImageSymbol& reference) {
  ImageSpec spec = Defining({});
  spec.symbols.push_back(reference);
  return spec;
}

Images Build(const std::vector<ImageSpec>& specs) {
  Images images;
  for (const ImageSpec& spec : specs) {
    images.push_back(elf::BuildImage<elf::Elf64Le>(spec));
  }
  return images;
}

// Modules whose first refers to what it or the others define.
class SymbolBinderTest : public testing::Test {
 protected:
  void Stage(const std::vector<ImageSpec>& specs) { Stage(Build(specs)); }
  void Stage(Images images) {
    reference_indexes_ = images[0].index;
    staged_ = std::make_unique<StagedModules>(std::move(images));
    ASSERT_TRUE(staged_->status().ok()) << staged_->status();
    context_ = staged_->Context();
  }

  // What a reference of the first module binds to, by a relocation of the type.
  const BoundSymbol* Bind(const std::string& name,
                          uint32_t r_type = R_X86_64_64) {
    return BindIndex(reference_indexes_.at(name), r_type);
  }
  const BoundSymbol* BindIndex(uint32_t index, uint32_t r_type = R_X86_64_64) {
    binder_ = std::make_unique<SymbolBinder>(context_, staged_->modules()[0],
                                             indirects_);
    return binder_->Bind(index, HostTarget().Rule(r_type));
  }
  // The same, as the module that defines it; -1 if it is undefined.
  int OwnerOf(const std::string& name, uint32_t r_type = R_X86_64_64) {
    const BoundSymbol* bound = Bind(name, r_type);
    if (bound == nullptr || !bound->defined) return -1;
    for (int i = 0; i < static_cast<int>(staged_->scope().size()); ++i) {
      if (bound->owner == staged_->scope()[i]) return i;
    }
    return -2;
  }

  std::map<std::string, uint32_t> reference_indexes_;
  std::unique_ptr<StagedModules> staged_;
  BindingContext context_;
  std::vector<PendingIndirect> indirects_;
  std::unique_ptr<SymbolBinder> binder_;
};

constexpr ImageSymbol Undefined(const char* name, uint8_t bind = STB_GLOBAL) {
  return {.name = name, .area = Area::kUndefined, .bind = bind};
}

TEST_F(SymbolBinderTest, TakesTheFirstDefinitionOfTheScope) {
  Stage({Referring(Undefined("f")), Defining({"other"}), Defining({"f"}),
         Defining({"f"})});
  EXPECT_EQ(OwnerOf("f"), 2);
  EXPECT_EQ(Bind("f")->address, staged_->SymbolAddress(2, "f"));
  EXPECT_EQ(Bind("f")->size, 1u);
}

TEST_F(SymbolBinderTest, LooksIntoTheGlobalScopeFirst) {
  Stage({Defining({"f", "own"}), Defining({"f"})});
  EXPECT_EQ(OwnerOf("f"), 0);
  context_.global = staged_->scope().subspan(1);
  EXPECT_EQ(OwnerOf("f"), 1);
  EXPECT_EQ(OwnerOf("own"), 0);
}

TEST_F(SymbolBinderTest, BelievesTheFilterOfTheGlobalScope) {
  Stage({Defining({"f", "own"}), Defining({"f"})});
  context_.global = staged_->scope().subspan(1);
  std::vector<uint64_t> words(1);
  context_.global_filter = elf::HashFilter(words);
  // It says of everything that it is not there.
  EXPECT_EQ(OwnerOf("f"), 0);
  context_.global_filter.Add(elf::SymbolName("f").gnu_hash());
  EXPECT_EQ(OwnerOf("f"), 1);
}

TEST_F(SymbolBinderTest, LooksIntoASymbolicModuleItselfFirst) {
  ImageSpec symbolic = Defining({"f"});
  symbolic.dynamic = {{DT_FLAGS, DF_SYMBOLIC}};
  Stage({symbolic, Defining({"f"})});
  context_.global = staged_->scope().subspan(1);
  EXPECT_EQ(OwnerOf("f"), 0);
}

TEST_F(SymbolBinderTest, BindsWhatIsNotPreemptibleToItself) {
  for (const uint8_t visibility :
       {elf::kStvProtected, elf::kStvHidden, elf::kStvInternal}) {
    ImageSpec own = Defining({"f"});
    own.symbols[0].visibility = visibility;
    Stage({own, Defining({"f"})});
    context_.global = staged_->scope().subspan(1);
    EXPECT_EQ(OwnerOf("f"), 0) << int{visibility};
  }
  ImageSpec own = Defining({"f"});
  own.symbols[0].bind = STB_LOCAL;
  Stage({own, Defining({"f"})});
  context_.global = staged_->scope().subspan(1);
  EXPECT_EQ(OwnerOf("f"), 0);
}

TEST_F(SymbolBinderTest, FindsNoLocalSymbolOfAnotherModule) {
  ImageSpec local = Defining({"f"});
  local.symbols[0].bind = STB_LOCAL;
  Stage({Referring(Undefined("f")), local, Defining({"f"})});
  EXPECT_EQ(OwnerOf("f"), 2);
}

TEST_F(SymbolBinderTest, LeavesAnUndefinedWeakSymbolNull) {
  Stage({Referring(Undefined("f", STB_WEAK))});
  const BoundSymbol* bound = Bind("f");
  ASSERT_NE(bound, nullptr);
  EXPECT_FALSE(bound->defined);
  EXPECT_EQ(bound->address, 0u);
  EXPECT_TRUE(binder_->undefined().empty());
}

TEST_F(SymbolBinderTest, RemembersAnUndefinedStrongSymbol) {
  Stage({Referring(Undefined("f"))});
  // It goes on, so that all of them are found.
  ASSERT_NE(Bind("f"), nullptr);
  EXPECT_EQ(binder_->undefined(), std::vector<std::string>{"f"});
}

TEST_F(SymbolBinderTest, TakesAWeakDefinitionThatComesFirst) {
  ImageSpec weak = Defining({"f"});
  weak.symbols[0].bind = STB_WEAK;
  Stage({Referring(Undefined("f")), weak, Defining({"f"})});
  EXPECT_EQ(OwnerOf("f"), 1);
}

TEST_F(SymbolBinderTest, TakesACanonicalPltEntryForAddressesButNotForCalls) {
  Images images = Build({Defining({"f"}), Defining({"f"})});
  // As an executable that takes the address of another module's function.
  images[0].symbol("f").st_shndx = elf::kShnUndef;
  Stage(std::move(images));
  EXPECT_EQ(OwnerOf("f", R_X86_64_64), 0);
  EXPECT_EQ(Bind("f")->address, staged_->SymbolAddress(0, "f"));
  EXPECT_EQ(OwnerOf("f", R_X86_64_JUMP_SLOT), 1);
}

TEST_F(SymbolBinderTest, AddsNoBiasToAbsoluteSymbols) {
  ImageSpec absolute = Defining({});
  absolute.symbols = {{.name = "f", .area = Area::kAbsolute, .offset = 0x1234}};
  Stage({Referring(Undefined("f")), absolute});
  EXPECT_EQ(Bind("f")->address, 0x1234u);
}

TEST_F(SymbolBinderTest, MarksIfuncs) {
  ImageSpec ifunc = Defining({"f"});
  ifunc.symbols[0].type = STT_GNU_IFUNC;
  Stage({Referring(Undefined("f")), ifunc});
  EXPECT_TRUE(Bind("f")->indirect);
  EXPECT_EQ(Bind("f")->address, staged_->SymbolAddress(1, "f"));
}

TEST_F(SymbolBinderTest, BindsSymbolZeroToTheModule) {
  Stage({Defining({})});
  const BoundSymbol* bound = BindIndex(0);
  ASSERT_NE(bound, nullptr);
  EXPECT_TRUE(bound->defined);
  EXPECT_EQ(bound->address, staged_->modules()[0].member.addresses.bias());
}

TEST_F(SymbolBinderTest, RefusesAnIndexOutsideOfTheTable) {
  Stage({Defining({"f"})});
  EXPECT_EQ(BindIndex(UINT32_MAX), nullptr);
  EXPECT_EQ(binder_->status().message(),
            "symbol index 4294967295 is outside of DT_SYMTAB");
}

TEST_F(SymbolBinderTest, PutsOverridesBeforeEverything) {
  const SymbolOverride overrides[] = {{"f", 0x77}};
  Stage({Defining({"f", "g"})});
  context_.overrides = overrides;
  EXPECT_EQ(Bind("f")->address, 0x77u);
  EXPECT_EQ(OwnerOf("g"), 0);
  ImageSpec hidden = Defining({"f"});
  hidden.symbols[0].visibility = STV_HIDDEN;
  Stage({hidden});
  context_.overrides = overrides;
  EXPECT_EQ(OwnerOf("f"), 0);
}

TEST_F(SymbolBinderTest, ComparesNamesOfOverrides) {
  // GNU hash tables keep no bit 0: these two names differ in it only.
  ASSERT_EQ(elf::SymbolName("f").gnu_hash() | 1,
            elf::SymbolName("e").gnu_hash() | 1);
  const SymbolOverride overrides[] = {{"e", 0x77}};
  Stage({Defining({"f"})});
  context_.overrides = overrides;
  EXPECT_EQ(OwnerOf("f"), 0);
}

TEST_F(SymbolBinderTest, CopiesFromBehindTheCopy) {
  ImageSpec program = Defining({});
  program.bss_size = 16;
  program.symbols = {
      {.name = "v", .area = Area::kBss, .size = 4, .type = STT_OBJECT}};
  ImageSpec library = Defining({});
  library.symbols = {
      {.name = "v", .area = Area::kData, .size = 8, .type = STT_OBJECT}};
  Stage({program, library});
  EXPECT_EQ(OwnerOf("v", R_X86_64_GLOB_DAT), 0);
  EXPECT_EQ(OwnerOf("v", R_X86_64_COPY), 1);
  // The smaller of the two sizes.
  EXPECT_EQ(Bind("v", R_X86_64_COPY)->size, 4u);
}

TEST_F(SymbolBinderTest, CopiesNothingFromOutsideOfTheDefiner) {
  ImageSpec program = Defining({});
  program.bss_size = 16;
  program.symbols = {
      {.name = "v", .area = Area::kBss, .size = 16, .type = STT_OBJECT}};
  ImageSpec library = Defining({});
  library.symbols = {{.name = "v",
                      .area = Area::kData,
                      .offset = 0x100000,
                      .size = 16,
                      .type = STT_OBJECT}};
  Stage({program, library});
  EXPECT_EQ(Bind("v", R_X86_64_COPY), nullptr);
  EXPECT_EQ(binder_->status().message(),
            "copied definition lies outside of image1");
}

TEST_F(SymbolBinderTest, SharesAUniqueSymbolWithTheHost) {
  ImageSpec unique = Defining({"u"});
  unique.symbols[0].bind = STB_GNU_UNIQUE;
  Stage({Referring(Undefined("u")), unique});
  EXPECT_EQ(Bind("u")->address, staged_->SymbolAddress(1, "u"));
  UniqueDefinition there;
  context_.find_unique = [&](const elf::SymbolName& name) {
    EXPECT_EQ(name.gnu_hash(), elf::SymbolName("u").gnu_hash());
    return there;
  };
  EXPECT_EQ(Bind("u")->address, staged_->SymbolAddress(1, "u"));
  there.address = 0x88;
  EXPECT_EQ(Bind("u")->address, 0x88u);
}

TEST_F(SymbolBinderTest, MatchesTheVersionThatAReferenceAsksFor) {
  ImageSpec library = Defining({});
  library.versions = {"V1", "V2"};
  library.symbols = {
      {.name = "f", .offset = 1, .version = "V1", .hidden = true},
      {.name = "f", .offset = 2, .version = "V2"}};
  for (const char* version : {"V1", "V2"}) {
    ImageSymbol reference = Undefined("f");
    reference.version = version;
    ImageSpec root = Referring(reference);
    root.needs = {{"lib.so", {version}}};
    Stage({root, library});
    EXPECT_EQ(Bind("f")->address,
              staged_->SymbolAddress(1, std::string("f@") + version));
  }
}

TEST_F(SymbolBinderTest, NamesTheVersionOfWhatIsUndefined) {
  ImageSymbol reference = Undefined("f");
  reference.version = "V3";
  ImageSpec root = Referring(reference);
  root.needs = {{"lib.so", {"V3"}}};
  ImageSpec library = Defining({"f"});
  library.versions = {"V1"};
  library.symbols[0].version = "V1";
  Stage({root, library});
  EXPECT_EQ(OwnerOf("f"), -1);
  EXPECT_EQ(binder_->undefined(), std::vector<std::string>{"f@V3"});
}

TEST_F(SymbolBinderTest, RemembersEachOfManySymbols) {
  ImageSpec spec = Defining({});
  for (uint64_t i = 0; i < 300; ++i) {
    spec.symbols.push_back({.name = "f" + std::to_string(i),
                            .area = Area::kAbsolute,
                            .offset = 0x1000 + i});
  }
  Stage({spec});
  SymbolBinder binder(context_, staged_->modules()[0], indirects_);
  for (int round = 0; round < 2; ++round) {
    for (uint64_t i = 0; i < 300; ++i) {
      const uint32_t index = reference_indexes_.at("f" + std::to_string(i));
      for (const uint32_t type : {R_X86_64_64, R_X86_64_JUMP_SLOT}) {
        const BoundSymbol* bound = binder.Bind(index, HostTarget().Rule(type));
        ASSERT_EQ(bound->address, 0x1000 + i);
      }
    }
  }
}

TEST_F(SymbolBinderTest, NumbersThreadLocalModules) {
  ImageSpec owner = Defining({});
  owner.tls = elf::Bytes(16);
  owner.symbols = {
      {.name = "t", .area = Area::kTls, .offset = 8, .type = STT_TLS}};
  Stage({Referring(Undefined("t")), owner});
  const BoundSymbol* bound = Bind("t", R_X86_64_DTPMOD64);
  ASSERT_NE(bound, nullptr);
  uint64_t value[2] = {};
  ASSERT_TRUE(binder_->TlsModule(*bound, value));
  EXPECT_EQ(value[0], staged_->modules()[1].member.tls_module);
  ASSERT_TRUE(binder_->TlsOffset(*bound, 2, value));
  EXPECT_EQ(value[0], 10u);
  ASSERT_TRUE(binder_->TlsDescriptor(*bound, 2, value));
  EXPECT_EQ(value[0], staged_->tls().functions().dynamic_descriptor);
  const auto* index = reinterpret_cast<const TlsIndex*>(value[1]);
  EXPECT_EQ(index->module, staged_->modules()[1].member.tls_module);
  EXPECT_EQ(index->offset, 10u);
}

TEST_F(SymbolBinderTest, ClaimsStaticStorageForInitialExecCode) {
  ImageSpec owner = Defining({});
  owner.tls = elf::Bytes(16);
  owner.symbols = {
      {.name = "t", .area = Area::kTls, .offset = 8, .type = STT_TLS}};
  Stage({Referring(Undefined("t")), owner});
  const BoundSymbol* bound = Bind("t", R_X86_64_TPOFF64);
  uint64_t value[2] = {};
  staged_->tls().refuses_static = true;
  EXPECT_FALSE(binder_->ThreadOffset(*bound, 0, value));
  EXPECT_EQ(binder_->status(),
            absl::ResourceExhaustedError("image1: reserve is full"));
  staged_->tls().refuses_static = false;
  ASSERT_TRUE(binder_->ThreadOffset(*bound, 1, value));
  EXPECT_EQ(value[0], static_cast<uint64_t>(-0x100 + 9));
  // Descriptors then lead to the static block.
  ASSERT_TRUE(binder_->TlsDescriptor(*bound, 1, value));
  EXPECT_EQ(value[0], staged_->tls().functions().static_descriptor);
  EXPECT_EQ(value[1], static_cast<uint64_t>(-0x100 + 9));
}

TEST_F(SymbolBinderTest, RefusesThreadLocalSymbolsOfAModuleWithoutSegment) {
  ImageSpec owner = Defining({"t"});
  Stage({Referring(Undefined("t")), owner});
  const BoundSymbol* bound = Bind("t", R_X86_64_DTPMOD64);
  uint64_t value = 0;
  EXPECT_FALSE(binder_->TlsModule(*bound, &value));
  EXPECT_EQ(binder_->status().message(), "image1 has no PT_TLS segment");
}

}  // namespace
}  // namespace relink
