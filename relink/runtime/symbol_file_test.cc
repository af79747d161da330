// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/symbol_file.h"

#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "relink/elf/constants.h"
#include "relink/elf/elf_file.h"
#include "relink/support/string_ref.h"

namespace relink {
namespace {

using Shdr = elf::Shdr<NativeElf>;
using Sym = elf::Sym<NativeElf>;

ByteView BytesOf(absl::string_view text) {
  return ByteView(text.data(), text.size());
}

// A finished file, read back.
class ReadBack {
 public:
  explicit ReadBack(SymbolFile file)
      : bytes_(std::move(file).Finish()),
        table_(*elf::SectionTable<NativeElf>::Parse(
            *elf::ElfFile<NativeElf>::Parse(
                ByteView(bytes_.data(), bytes_.size())))) {}

  const Shdr* Find(absl::string_view name) const {
    for (const Shdr& section : table_.sections()) {
      if (NameOf(section) == name) return &section;
    }
    return nullptr;
  }
  std::string Contents(absl::string_view name) const {
    const ByteView bytes = table_.Contents(*Find(name));
    return std::string(reinterpret_cast<const char*>(bytes.data()),
                       bytes.size());
  }
  const Shdr& section(size_t number) const { return table_.sections()[number]; }

 private:
  absl::string_view NameOf(const Shdr& section) const {
    const StringRef name = table_.Name(section);
    return {name.data(), name.size()};
  }

  std::vector<std::byte> bytes_;
  elf::SectionTable<NativeElf> table_;
};

TEST(SymbolFile, HasSectionsWhereTheyAre) {
  SymbolFile file;
  file.AddSection({.name = ".text",
                   .flags = elf::kShfAlloc | elf::kShfExecinstr,
                   .memory = {RuntimeAddr(0x7f0000001000), 0x123}});
  file.AddSection({.name = ".eh_frame",
                   .type = elf::kShtProgbits,
                   .memory = {RuntimeAddr(0x7f0000002000), 5},
                   .contents = BytesOf("12345")});
  const ReadBack read(std::move(file));
  EXPECT_EQ(read.section(0).sh_type, elf::kShtNull);
  const Shdr* text = read.Find(".text");
  ASSERT_NE(text, nullptr);
  EXPECT_EQ(text->sh_type, elf::kShtNobits);
  EXPECT_EQ(text->sh_addr, 0x7f0000001000u);
  EXPECT_EQ(text->sh_size, 0x123u);
  EXPECT_EQ(text->sh_flags, elf::kShfAlloc | elf::kShfExecinstr);
  EXPECT_EQ(read.Find(".eh_frame")->sh_addr, 0x7f0000002000u);
  EXPECT_EQ(read.Contents(".eh_frame"), "12345");
}

TEST(SymbolFile, HasSymbolsWithTheirSections) {
  SymbolFile file;
  const uint16_t text = file.AddSection({.name = ".text", .memory = {}});
  file.AddSymbol("first", {RuntimeAddr(0x1000), 0x10}, elf::kSttFunc, text);
  file.AddSymbol("second", {RuntimeAddr(0x2000), 0x20}, elf::kSttObject, text);
  const ReadBack read(std::move(file));
  const std::string symbols = read.Contents(".symtab");
  ASSERT_EQ(symbols.size(), 3 * sizeof(Sym));
  Sym symbol;
  std::memcpy(&symbol, symbols.data() + 2 * sizeof(Sym), sizeof(Sym));
  EXPECT_EQ(symbol.st_value, 0x2000u);
  EXPECT_EQ(symbol.st_size, 0x20u);
  EXPECT_EQ(symbol.type(), elf::kSttObject);
  EXPECT_EQ(symbol.st_shndx, text);
  const Shdr& names = read.section(read.Find(".symtab")->sh_link);
  EXPECT_EQ(&names, read.Find(".strtab"));
  EXPECT_STREQ(read.Contents(".strtab").c_str() + symbol.st_name, "second");
}

TEST(SymbolFile, LinksToAFileByNameAndChecksum) {
  // "123456789" is the usual check value of CRC-32.
  EXPECT_EQ(SymbolFile::Checksum(BytesOf("123456789")), 0xcbf43926u);
  EXPECT_EQ(SymbolFile::Checksum(ByteView()), 0u);
  for (const std::string path : {"/a", "/ab", "/abc", "/abcd"}) {
    SymbolFile file;
    file.AddDebugLink(path, 0x04030201);
    const ReadBack read(std::move(file));
    const std::string link = read.Contents(".gnu_debuglink");
    EXPECT_EQ(std::string(link.c_str()), path);
    EXPECT_EQ(link.size() % 4, 0u);
    EXPECT_EQ(link.substr(link.size() - 4), "\1\2\3\4");
    EXPECT_EQ(link[link.size() - 5], '\0');
  }
}

}  // namespace
}  // namespace relink
