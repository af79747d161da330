// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// What we read of the real libraries of this process, compared with what
// binutils and the system's own loader say of the same files.

#include "relink/elf/testing/system_library.h"

#include <dlfcn.h>

#include <cctype>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "relink/elf/notes.h"
#include "relink/elf/relocations.h"
#include "relink/elf/testing/parsed_image.h"
#include "relink/elf/testing/walk_image.h"

namespace relink::elf {
namespace {

std::string Text(StringRef text) {
  return std::string(text.data(), text.size());
}

std::vector<std::string> Lines(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// The word that follows `label` in a line of readelf's, or "".
std::string After(const std::string& line, const std::string& label) {
  std::istringstream stream(line);
  for (std::string word; stream >> word;) {
    if (word == label && stream >> word) return word;
  }
  return "";
}

class RealLibrary : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    path_ = SystemLibraryPath(GetParam());
    if (path_.empty()) GTEST_SKIP() << GetParam() << " is not loaded";
    bytes_ = FileBytes(path_);
    parsed_ = std::make_unique<ParsedImage<Elf64Le>>(ByteView(bytes_));
  }
  std::string Readelf(const std::string& options) const {
    return OutputOf("LC_ALL=C readelf " + options + " " + path_);
  }

  std::string path_;
  Bytes bytes_;
  std::unique_ptr<ParsedImage<Elf64Le>> parsed_;
};

TEST_P(RealLibrary, ReadsWithoutAnError) {
  Walk walk;
  WalkLoaded<Elf64Le>(ByteView(bytes_), &walk);
  WalkUnloaded<Elf64Le>(ByteView(bytes_), &walk);
  EXPECT_FALSE(walk.error().has_value()) << walk.error()->what;
}

TEST_P(RealLibrary, FindsEverySymbolThatALinearScanFinds) {
  const SymbolTable<Elf64Le>& symbols = parsed_->symbols;
  int found = 0;
  for (uint32_t i = 1; i < symbols.CountSymbols(); ++i) {
    if (symbols[i].undefined() || symbols[i].bind() == kStbLocal) continue;
    const SymbolName name(symbols.Name(symbols[i]));
    EXPECT_EQ(symbols.Find(name, [=](uint32_t index) { return index == i; }), i)
        << Text(name.text());
    ++found;
  }
  EXPECT_GT(found, 100);
}

TEST_P(RealLibrary, FindsTheSameByEitherHash) {
  const SymbolTable<Elf64Le>& symbols = parsed_->symbols;
  if (!symbols.has_sysv_hash()) GTEST_SKIP() << "no DT_HASH";
  Dynamic dynamic = parsed_->dynamic;
  dynamic.gnu_hash = LinkAddr();
  const auto by_sysv =
      ValueOrThrow(SymbolTable<Elf64Le>::Parse(parsed_->view, dynamic));
  EXPECT_EQ(by_sysv.CountSymbols(), symbols.CountSymbols());
  for (uint32_t i = 1; i < symbols.CountSymbols(); ++i) {
    if (symbols[i].undefined() || symbols[i].bind() == kStbLocal) continue;
    const SymbolName name(symbols.Name(symbols[i]));
    EXPECT_EQ(by_sysv.Find(name, [=](uint32_t index) { return index == i; }), i)
        << Text(name.text());
  }
}

TEST_P(RealLibrary, CountsTheSymbolsThatReadelfCounts) {
  const std::string output = Readelf("--dyn-syms -W");
  const std::string label = "'.dynsym' contains ";
  const size_t at = output.find(label);
  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(parsed_->symbols.CountSymbols(),
            std::stoul(output.substr(at + label.size())));
}

TEST_P(RealLibrary, ResolvesNamesToTheAddressesOfDlsym) {
  void* handle = dlopen(path_.c_str(), RTLD_NOW | RTLD_NOLOAD);
  ASSERT_NE(handle, nullptr);
  link_map* map = nullptr;
  ASSERT_EQ(dlinfo(handle, RTLD_DI_LINKMAP, &map), 0);
  const SymbolTable<Elf64Le>& symbols = parsed_->symbols;
  const auto definitions = parsed_->definitions();
  int compared = 0;
  for (uint32_t i = 1; i < symbols.CountSymbols(); ++i) {
    const uint8_t type = symbols[i].type();
    if (symbols[i].undefined() || (type != kSttFunc && type != kSttObject)) {
      continue;
    }
    const SymbolName name(symbols.Name(symbols[i]));
    const uint32_t index = definitions.Find(name, {.newest = true});
    if (index == 0) continue;
    if (symbols[index].type() == kSttGnuIfunc) continue;
    // Absolute symbols, such as the names of versions, do not move.
    const uint64_t bias = symbols[index].st_shndx == kShnAbs ? 0 : map->l_addr;
    EXPECT_EQ(reinterpret_cast<uint64_t>(dlsym(handle, name.text().data())),
              bias + symbols[index].st_value)
        << Text(name.text());
    ++compared;
  }
  EXPECT_GT(compared, 100);
  dlclose(handle);
}

TEST_P(RealLibrary, NamesVersionsAsReadelfDoes) {
  std::map<int, std::string> expected;
  for (const std::string& line : Lines(Readelf("-V -W"))) {
    const std::string name = After(line, "Name:");
    const std::string index = After(line, "Index:");
    const std::string needed = After(line, "Version:");
    if (name.empty() || After(line, "Flags:") == "BASE") continue;
    if (!index.empty()) expected[std::stoi(index)] = name;
    if (!needed.empty()) expected[std::stoi(needed)] = name;
  }
  std::map<int, std::string> ours;
  for (size_t i = 0; i < parsed_->versions.size(); ++i) {
    if (parsed_->versions[i].hash == 0) continue;
    ours[static_cast<int>(i)] = Text(parsed_->versions[i].name);
  }
  EXPECT_GT(ours.size(), 10u);
  EXPECT_EQ(ours, expected);
}

TEST_P(RealLibrary, HasTheBuildIdThatReadelfShows) {
  std::string id;
  for (std::byte b : FindBuildId<Elf64Le>(parsed_->file).bytes()) {
    constexpr char kDigits[] = "0123456789abcdef";
    id += kDigits[static_cast<int>(b) >> 4];
    id += kDigits[static_cast<int>(b) & 15];
  }
  EXPECT_NE(Readelf("-n").find("Build ID: " + id + "\n"), std::string::npos)
      << id;
}

TEST_P(RealLibrary, HasTheRelrWordsThatReadelfShows) {
  auto tables =
      RelocationTables<Elf64Le>::Parse(parsed_->view, parsed_->dynamic);
  ASSERT_TRUE(tables.ok());
  std::set<uint64_t> ours;
  ForEachRelr<Elf64Le>(tables->relr, [&](LinkAddr addr) {
    ours.insert(addr.value());
    return true;
  });
  // Each on a line of its own, all sixteen digits.
  std::set<uint64_t> expected;
  for (const std::string& line : Lines(Readelf("-r -W"))) {
    if (line.size() == 16 &&
        line.find_first_not_of("0123456789abcdef") == std::string::npos) {
      expected.insert(std::stoull(line, nullptr, 16));
    }
  }
  EXPECT_EQ(ours, expected);
}

INSTANTIATE_TEST_SUITE_P(, RealLibrary,
                         testing::Values("libc.so.6", "libstdc++.so.6",
                                         "libm.so.6"),
                         [](const auto& library) {
                           std::string name = library.param;
                           for (char& c : name) {
                             if (!std::isalnum(c)) c = '_';
                           }
                           return name;
                         });

}  // namespace
}  // namespace relink::elf
