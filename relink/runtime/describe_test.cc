// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// What the registry, debuggers and profilers are told of one image
// (describe_*).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/elf/constants.h"
#include "relink/elf/elf_file.h"
#include "relink/elf/testing/loadable_image.h"
#include "relink/reloc/scope.h"
#include "relink/reloc/staged_modules.h"
#include "relink/runtime/describe_code.h"
#include "relink/runtime/describe_image.h"
#include "relink/runtime/describe_symbols.h"
#include "relink/runtime/module_registry.h"
#include "relink/stage/placed_graph.h"

namespace relink {
namespace {

using testing::HasSubstr;
using testing::Not;
using Image = elf::Image<elf::Elf64Le>;

// An image of one module that is only in memory, placed somewhere.
class Described : public testing::Test {
 protected:
  void Describe(const Image& file) {
    staged_.emplace(std::vector<Image>{file});
    ASSERT_TRUE(staged_->status().ok()) << staged_->status();
    answer_ = staged_->SymbolAddress(0, "answer");
    text_ = staged_->Address(0, ".text");
    auto image = FinishImage(std::move(staged_->placed()), nullptr);
    ASSERT_TRUE(image.ok()) << image.status();
    image_.emplace(*std::move(image));
    group_ = DescribeImage(*image_, staged_->modules());
  }

  std::optional<StagedModules> staged_;
  std::optional<LinkedImage> image_;
  absl::StatusOr<LoadedGroup> group_;
  uint64_t answer_ = 0;
  uint64_t text_ = 0;
};

TEST_F(Described, SaysWhereAModuleIs) {
  const Image file = elf::BuildLoadable();
  Describe(file);
  ASSERT_TRUE(group_.ok()) << group_.status();
  ASSERT_EQ(group_->modules.size(), 1u);
  const RegisteredModule& module = group_->modules[0];
  EXPECT_EQ(module.name, "image0");
  EXPECT_EQ(module.map.l_addr, staged_->modules()[0].member.addresses.bias());
  EXPECT_STREQ(module.map.l_name, "image0");
  EXPECT_EQ(reinterpret_cast<uint64_t>(module.map.l_ld),
            module.map.l_addr + file.place(".dynamic").addr);
  EXPECT_TRUE(module.memory.Contains(RuntimeAddr(text_)));
  ASSERT_FALSE(module.program_headers.empty());
  EXPECT_EQ(
      module.program_headers.size(),
      image_->module(ModuleId(0)).program_headers.size() / sizeof(ElfW(Phdr)));

  ASSERT_EQ(group_->regions.size(), 1u);
  const LoadedRegion& region = group_->regions[0];
  EXPECT_EQ(region.module, &module);
  EXPECT_NE(region.eh_frame, nullptr);
  EXPECT_NE(region.eh_frame_hdr, nullptr);
}

TEST_F(Described, HasNoFramesWithoutATableOfThem) {
  Image file = elf::BuildLoadable();
  file.segment(elf::kPtGnuEhFrame).p_type = elf::kPtNull;
  Describe(file);
  ASSERT_TRUE(group_.ok()) << group_.status();
  EXPECT_EQ(group_->regions[0].eh_frame, nullptr);
  EXPECT_EQ(group_->regions[0].eh_frame_hdr, nullptr);
}

TEST_F(Described, IsRefusedIfItsFramesAreMalformed) {
  Image file = elf::BuildLoadable();
  file.bytes[file.place(".eh_frame_hdr").offset] = std::byte{9};
  Describe(file);
  EXPECT_EQ(group_.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(group_.status().message()), HasSubstr("image0"));
}

// The symbol called `name` of a file for debuggers.
std::optional<elf::Sym<NativeElf>> FindSymbol(
    const std::vector<std::byte>& bytes, absl::string_view name) {
  const auto file =
      elf::ElfFile<NativeElf>::Parse(ByteView(bytes.data(), bytes.size()));
  if (!file.ok()) return std::nullopt;
  const auto table = elf::SectionTable<NativeElf>::Parse(*file);
  if (!table.ok()) return std::nullopt;
  const auto* header = table->FindType(elf::kShtSymtab);
  if (header == nullptr) return std::nullopt;
  const ByteView symbols = table->Contents(*header);
  const ByteView names = table->Contents(table->sections()[header->sh_link]);
  const auto records = symbols.Records<elf::Sym<NativeElf>>(
      0, symbols.size() / sizeof(elf::Sym<NativeElf>));
  if (!records.ok()) return std::nullopt;
  for (const elf::Sym<NativeElf>& symbol : *records) {
    const auto text = names.CString(symbol.st_name);
    if (text.ok() && View(*text) == name) return symbol;
  }
  return std::nullopt;
}

TEST_F(Described, GivesDebuggersItsSymbolsWhereTheyAre) {
  Describe(elf::BuildLoadable());
  ASSERT_TRUE(group_.ok()) << group_.status();
  const auto files = DescribeSymbols(*image_, *group_);
  ASSERT_EQ(files.size(), 1u);
  const auto answer = FindSymbol(files[0], "answer");
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->st_value, answer_);
  EXPECT_EQ(answer->type(), elf::kSttFunc);
  EXPECT_FALSE(answer->undefined());
  // What others define, and what has no one address, is not there.
  EXPECT_FALSE(FindSymbol(files[0], "getpid").has_value());
  EXPECT_FALSE(FindSymbol(files[0], "counter").has_value());
}

// No file has its code, so perf must be told of all of it.
TEST_F(Described, GivesProfilersTheNamesOfWhatNoFileHas) {
  Describe(elf::BuildLoadable());
  ASSERT_TRUE(group_.ok()) << group_.status();
  const ProfilerText text = DescribeCode(*image_, *group_);
  EXPECT_THAT(text.names, HasSubstr(absl::StrCat(absl::Hex(answer_), " ")));
  EXPECT_THAT(text.names, HasSubstr(" answer\n"));
  EXPECT_THAT(text.names, Not(HasSubstr("getpid")));
  EXPECT_EQ(text.origins, "");
}

}  // namespace
}  // namespace relink
