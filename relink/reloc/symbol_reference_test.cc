// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// What others are asked and told while references are bound, and references to
// modules that are not files.

#include "relink/reloc/symbol_reference.h"

#include <elf.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "relink/arch/target.h"
#include "relink/elf/testing/image_builder.h"
#include "relink/elf/testing/image_spec.h"
#include "relink/reloc/staged_modules.h"
#include "relink/reloc/symbol_binder.h"
#include "relink/reloc/synthetic_module.h"

namespace relink {
namespace {

using elf::Area;
using elf::ImageSpec;
using elf::ImageSymbol;

ImageSpec Defining(const std::vector<std::string>& names) {
  ImageSpec spec;
  spec.soname = "lib.so";
  spec.text = elf::Bytes(64, std::byte{0xc3});
  spec.data = elf::Bytes(64);
  for (const std::string& name : names) {
    spec.symbols.push_back({.name = name, .offset = 8, .size = 1});
  }
  return spec;
}

ImageSpec Referring(const ImageSymbol& reference) {
  ImageSpec spec = Defining({});
  spec.symbols.push_back(reference);
  return spec;
}

constexpr ImageSymbol Undefined(const char* name, uint8_t bind = STB_GLOBAL) {
  return {.name = name, .area = Area::kUndefined, .bind = bind};
}

// Modules whose first refers to what it or the others define.
class SymbolReferenceTest : public testing::Test {
 protected:
  void Stage(const std::vector<ImageSpec>& specs) {
    std::vector<elf::Image<elf::Elf64Le>> images;
    for (const ImageSpec& spec : specs) {
      images.push_back(elf::BuildImage<elf::Elf64Le>(spec));
    }
    indexes_ = images[0].index;
    staged_ = std::make_unique<StagedModules>(std::move(images));
    ASSERT_TRUE(staged_->status().ok()) << staged_->status();
    context_ = staged_->Context();
  }
  const BoundSymbol* Bind(const std::string& name,
                          uint32_t r_type = R_X86_64_64) {
    return BindIndex(indexes_.at(name), r_type);
  }
  const BoundSymbol* BindIndex(uint32_t index, uint32_t r_type = R_X86_64_64) {
    binder_ = std::make_unique<SymbolBinder>(context_, staged_->modules()[0],
                                             indirects_);
    return binder_->Bind(index, HostTarget().Rule(r_type));
  }

  std::map<std::string, uint32_t> indexes_;
  std::unique_ptr<StagedModules> staged_;
  BindingContext context_;
  std::vector<PendingIndirect> indirects_;
  std::unique_ptr<SymbolBinder> binder_;
};

TEST_F(SymbolReferenceTest, AsksForWhatNothingDefines) {
  ImageSymbol reference = Undefined("f");
  reference.version = "V3";
  ImageSpec root = Referring(reference);
  root.symbols.push_back(Undefined("g"));
  root.symbols.push_back(Undefined("weak", STB_WEAK));
  root.needs = {{"lib.so", {"V3"}}};
  Stage({root});
  std::vector<std::string> asked;
  context_.find_undefined = [&](const SymbolReference& missing) -> uint64_t {
    asked.push_back(std::string(missing.module.name) + ": " +
                    std::string(missing.name) + "@" +
                    std::string(missing.version));
    return missing.name == "f" ? 0x66 : 0;
  };
  EXPECT_EQ(Bind("f")->address, 0x66u);
  EXPECT_TRUE(binder_->undefined().empty());
  EXPECT_FALSE(Bind("g")->defined);
  EXPECT_EQ(binder_->undefined(), std::vector<std::string>{"g"});
  // What may be undefined stays so.
  EXPECT_FALSE(Bind("weak")->defined);
  EXPECT_EQ(asked, (std::vector<std::string>{"image0: f@V3", "image0: g@"}));
}

TEST_F(SymbolReferenceTest, AsksForNoAddressOfWhatHasNone) {
  Stage({Referring(Undefined("f"))});
  context_.find_undefined = [](const SymbolReference&) -> uint64_t {
    ADD_FAILURE();
    return 1;
  };
  for (const uint32_t type : {R_X86_64_TPOFF64, R_X86_64_DTPMOD64,
                              R_X86_64_TLSDESC, R_X86_64_SIZE64}) {
    Bind("f", type);
    EXPECT_EQ(binder_->undefined(), std::vector<std::string>{"f"});
  }
}

TEST_F(SymbolReferenceTest, TellsWhatIsBoundToWhat) {
  ImageSpec root = Defining({"own"});
  for (const char* name : {"f", "overridden", "supplied", "missing"}) {
    root.symbols.push_back(Undefined(name));
  }
  ImageSpec library = Defining({"f"});
  library.symbols[0].type = STT_GNU_IFUNC;
  Stage({root, library});
  const SymbolOverride overrides[] = {{"overridden", 0x77}};
  context_.overrides = overrides;
  context_.find_undefined = [](const SymbolReference& reference) -> uint64_t {
    return reference.name == "supplied" ? 0x66 : 0;
  };
  std::vector<std::string> told;
  context_.on_bound = [&](const SymbolBinding& binding) {
    std::string text = std::string(binding.reference.module.name) + ": " +
                       std::string(binding.reference.name) + " = ";
    if (binding.definer != nullptr) text += std::string(binding.definer->name);
    if (binding.definer == nullptr) text += std::to_string(binding.address);
    if (binding.indirect) text += " ifunc";
    told.push_back(text);
  };
  for (const char* name : {"own", "f", "overridden", "supplied", "missing"}) {
    Bind(name);
  }
  BindIndex(0);
  EXPECT_EQ(told, (std::vector<std::string>{
                      "image0: own = image0", "image0: f = image1 ifunc",
                      "image0: overridden = 119", "image0: supplied = 102"}));
}

TEST_F(SymbolReferenceTest, BindsToASyntheticModule) {
  SyntheticModule::Builder builder("lib.so");
  static const uint64_t object = 0x1234'5678;
  builder.AddVersion("f", "V1", &object, SyntheticModule::Binding::kHidden)
      .AddVersion("f", "V2", &object + 1)
      .Add("v", &object);
  const auto host = std::move(builder).Build();
  ASSERT_TRUE(host.ok()) << host.status();
  for (const char* version : {"V1", "V2"}) {
    ImageSymbol reference = Undefined("f");
    reference.version = version;
    ImageSpec root = Referring(reference);
    root.needs = {{"lib.so", {version}}};
    Stage({root});
    const ScopeMember* scope[] = {staged_->scope()[0], &(*host)->member()};
    context_.local = scope;
    EXPECT_EQ(Bind("f")->address,
              reinterpret_cast<uint64_t>(&object + (version[1] - '1')));
    EXPECT_EQ(Bind("f")->owner, scope[1]);
  }
}

TEST_F(SymbolReferenceTest, CopiesFromASyntheticModule) {
  static const uint64_t object = 0x1234'5678;
  SyntheticModule::Builder builder("lib.so");
  builder.Add("v", &object);
  const auto host = std::move(builder).Build();
  ASSERT_TRUE(host.ok()) << host.status();
  ImageSpec program = Defining({});
  program.bss_size = 16;
  program.symbols = {
      {.name = "v", .area = Area::kBss, .size = 16, .type = STT_OBJECT}};
  Stage({program});
  const ScopeMember* scope[] = {staged_->scope()[0], &(*host)->member()};
  context_.local = scope;
  const BoundSymbol* bound = Bind("v", R_X86_64_COPY);
  ASSERT_NE(bound, nullptr) << binder_->status();
  EXPECT_EQ(bound->address, reinterpret_cast<uint64_t>(&object));
  EXPECT_EQ(bound->size, sizeof(object));
}

}  // namespace
}  // namespace relink
