// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Files with moved functions do, by ld.so, what the originals do.

#include "relink/emit/emit_elf.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <span>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/elf/constants.h"
#include "relink/elf/elf_file.h"
#include "relink/elf/testing/malformed_images.h"
#include "relink/link/dlopened_library.h"
#include "relink/link/make_pipeline.h"
#include "relink/support/status.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

using Elf = elf::Elf64Le;
using testing::HasSubstr;
using testing::IsSupersetOf;

constexpr int kSeeds = 4;

std::string Path(absl::string_view name) {
  return TestdataPath(absl::StrCat("moving/lib", name, ".so"));
}

std::string Passes(int seed) {
  return absl::StrCat("split-functions,order<by=random,seed=", seed, ">,place",
                      seed % 2 == 0 ? ",plt-bypass,relax" : "");
}

absl::StatusOr<EmittedElf> Emit(absl::StatusOr<ModuleSource> source,
                                const std::string& passes) {
  if (!source.ok()) return source.status();
  const auto pipeline = MakePipeline(passes);
  if (!pipeline.ok()) return pipeline.status();
  return EmitElf(*std::move(source), *pipeline);
}

absl::StatusOr<EmittedElf> EmitFile(const std::string& path,
                                    const std::string& passes) {
  return Emit(ModuleSource::Open(path), passes);
}

absl::StatusOr<EmittedElf> EmitBytes(std::span<const std::byte> bytes) {
  return Emit(ModuleSource::FromMemory(bytes, "libbad.so"), Passes(1));
}

std::vector<std::byte> ReadFile(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  const std::string all = text.str();
  const auto bytes = std::as_bytes(std::span(all));
  return {bytes.begin(), bytes.end()};
}

std::string Write(const std::string& name, const EmittedElf& emitted) {
  const std::string path = absl::StrCat(testing::TempDir(), "/", name);
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(reinterpret_cast<const char*>(emitted.bytes.data()),
             static_cast<std::streamsize>(emitted.bytes.size()));
  return path;
}

using RunFixture = void(void (*report)(const char* line));

// What the library says by ld.so, in a thread whose end is part of it.
std::string Lines(const std::string& path) {
  static std::vector<std::string>& lines = *new std::vector<std::string>();
  lines.clear();
  const DlopenedLibrary library(path);
  if (!library.ok()) return library.error();
  auto* const run = library.Get<RunFixture>("run");
  std::thread([&] {
    run([](const char* line) { lines.emplace_back(line); });
  }).join();
  return absl::StrJoin(lines, "\n");
}

class EmitElfTest : public testing::TestWithParam<std::string> {};

TEST_P(EmitElfTest, DoesByLdsoWhatTheOriginalDoes) {
  const std::string path = Path(GetParam());
  const std::string expected = Lines(path);
  ASSERT_GT(std::ranges::count(expected, '\n'), 10) << expected;
  for (int seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE(Passes(seed));
    const auto emitted = EmitFile(path, Passes(seed));
    ASSERT_TRUE(emitted.ok()) << emitted.status();
    EXPECT_GT(emitted->moved_functions * 10, emitted->functions * 8);
    EXPECT_EQ(Lines(Write(absl::StrCat(GetParam(), ".", seed), *emitted)),
              expected);
  }
}

std::vector<std::string> Fixtures() {
  std::vector<std::string> names;
  for (const char* suffix : {"", "_retained"}) {
    for (const char* source : {"control_flow", "exceptions", "thread_locals"}) {
      for (const char* toolchain :
           {"gcc_ld", "gcc_gold", "gcc_mold", "clang_lld"}) {
        names.push_back(absl::StrCat(source, "_", toolchain, suffix));
      }
    }
  }
  return names;
}

INSTANTIATE_TEST_SUITE_P(, EmitElfTest, testing::ValuesIn(Fixtures()),
                         [](const auto& test) { return test.param; });

TEST(EmitElf, CanBeRepeated) {
  const std::string path = Path("exceptions_gcc_ld");
  const auto first = EmitFile(path, Passes(1));
  ASSERT_TRUE(first.ok()) << first.status();
  const auto again = EmitFile(path, Passes(1));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(first->bytes == again->bytes);
  const std::string emitted_path = Write("repeated", *first);
  const auto twice = EmitFile(emitted_path, Passes(2));
  ASSERT_TRUE(twice.ok()) << twice.status();
  EXPECT_EQ(Lines(Write("repeated.twice", *twice)), Lines(path));
}

TEST(EmitElf, MapsEachFunctionThatMoved) {
  const auto emitted = EmitFile(Path("control_flow_gcc_ld"), Passes(1));
  ASSERT_TRUE(emitted.ok()) << emitted.status();
  std::vector<std::string> lines = absl::StrSplit(emitted->map, '\n');
  lines.pop_back();
  EXPECT_EQ(lines.size(), emitted->moved_functions);
  EXPECT_TRUE(std::ranges::any_of(lines, [](const std::string& line) {
    return line.ends_with(" run");
  })) << emitted->map;
}

class EmittedFile : public testing::Test {
 protected:
  void SetUp() override {
    auto emitted = EmitFile(Path("exceptions_gcc_ld"), Passes(1));
    ASSERT_TRUE(emitted.ok()) << emitted.status();
    emitted_ = *std::move(emitted);
  }
  elf::ElfFile<Elf> File() const {
    return *elf::ElfFile<Elf>::Parse(ByteView(emitted_.bytes));
  }
  std::vector<std::string> SectionNames() const {
    const auto table = *elf::SectionTable<Elf>::Parse(File());
    std::vector<std::string> names;
    for (const auto& section : table.sections()) {
      names.emplace_back(View(table.Name(section)));
    }
    return names;
  }
  EmittedElf emitted_;
};

TEST_F(EmittedFile, HasNoSegmentThatIsWritableAndExecutable) {
  uint64_t last = 0;
  for (const auto& segment : File().segments()) {
    if (segment.p_type != elf::kPtLoad) continue;
    EXPECT_NE(segment.p_flags & (elf::kPfW | elf::kPfX), elf::kPfW | elf::kPfX);
    EXPECT_EQ(segment.p_vaddr % segment.p_align,
              segment.p_offset % segment.p_align);
    EXPECT_GE(segment.p_vaddr, last);
    last = segment.p_vaddr + segment.p_memsz;
  }
}

TEST_F(EmittedFile, KeepsItsSectionsAndNamesTheNewOnes) {
  const auto original = ReadFile(Path("exceptions_gcc_ld"));
  const auto file = *elf::ElfFile<Elf>::Parse(ByteView(original));
  const auto before = *elf::SectionTable<Elf>::Parse(file);
  const std::vector<std::string> names = SectionNames();
  ASSERT_GT(names.size(), before.sections().size());
  for (size_t i = 0; i < before.sections().size(); ++i) {
    const absl::string_view name = View(before.Name(before.sections()[i]));
    if (absl::StartsWith(name, ".eh_frame")) {
      EXPECT_EQ(names[i], absl::StrCat("relink.orig", name));
    } else {
      EXPECT_EQ(names[i], name);
    }
  }
  EXPECT_THAT(names, IsSupersetOf({"relink.text", ".eh_frame", ".eh_frame_hdr",
                                   "relink.map"}));
}

TEST_F(EmittedFile, LetsSymbolsBeInTheSectionOfTheirFunction) {
  const auto table = *elf::SectionTable<Elf>::Parse(File());
  uint64_t moved = 0;
  for (const uint32_t type : {elf::kShtSymtab, elf::kShtDynsym}) {
    const auto* section = table.FindType(type);
    ASSERT_NE(section, nullptr);
    const ByteView bytes = table.Contents(*section);
    const auto symbols =
        *bytes.Records<elf::Sym<Elf>>(0, bytes.size() / sizeof(elf::Sym<Elf>));
    for (const auto& symbol : symbols) {
      if (symbol.type() != elf::kSttFunc || symbol.undefined()) continue;
      const auto& home = table.sections()[symbol.st_shndx];
      EXPECT_LT(symbol.st_value - home.sh_addr, home.sh_size);
      moved += View(table.Name(home)) == "relink.text" ? 1 : 0;
    }
  }
  EXPECT_GT(moved, 10u);
}

TEST(EmitElf, IsTheInputIfNothingMoves) {
  const std::string path = Path("control_flow_gcc_ld");
  const auto emitted =
      EmitFile(path, "split-functions,place<functions=[no_such_function]>");
  ASSERT_TRUE(emitted.ok()) << emitted.status();
  EXPECT_EQ(emitted->moved_functions, 0u);
  EXPECT_TRUE(emitted->bytes == ReadFile(path));
}

TEST(EmitElf, RefusesProgramsThatAreNotPositionIndependent) {
  const auto emitted = EmitFile(TestdataPath("programs/fixed.elf"), Passes(1));
  EXPECT_EQ(emitted.status().code(), absl::StatusCode::kUnimplemented);
  EXPECT_THAT(std::string(emitted.status().message()),
              HasSubstr("fixed.elf: is neither a shared object nor"));
}

TEST(EmitElf, RefusesWhatLeavesNothingWhereItWas) {
  const auto emitted =
      EmitFile(Path("control_flow_gcc_ld_retained"),
               "split-functions,choose-materialization<prefer=arenas>,place");
  EXPECT_EQ(emitted.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(emitted.status().message()),
              HasSubstr("choose-materialization<prefer=overlay>"));
}

TEST(EmitElf, SurvivesMalformedImages) {
  for (const elf::MalformedImage& image : elf::MalformedImages()) {
    const auto emitted = EmitBytes(image.bytes);
    if (emitted.ok()) continue;
    EXPECT_NE(emitted.status().code(), absl::StatusCode::kInternal)
        << image.name << ": " << emitted.status();
  }
}

TEST(EmitElf, SurvivesTruncatedFiles) {
  const std::vector<std::byte> whole = ReadFile(Path("exceptions_gcc_ld"));
  for (size_t size = 0; size < whole.size(); size += 97) {
    const auto emitted = EmitBytes(std::span(whole).first(size));
    if (emitted.ok()) continue;
    EXPECT_NE(emitted.status().code(), absl::StatusCode::kInternal)
        << size << ": " << emitted.status();
  }
}

TEST(EmitElf, SurvivesDamagedFiles) {
  const std::vector<std::byte> whole = ReadFile(Path("exceptions_gcc_ld"));
  ASSERT_GT(whole.size(), 0x1800u);
  uint32_t random = 1;
  for (int round = 0; round < 300; ++round) {
    std::vector<std::byte> damaged = whole;
    for (int i = 0; i < 3; ++i) {
      random = random * 1664525 + 1013904223;
      // Headers and tables at the beginning, and section headers at the end.
      const size_t at = (random >> 8) % 0x1800;
      damaged[round % 2 == 0 ? at : damaged.size() - 1 - at] =
          std::byte(random >> 24);
    }
    const auto emitted = EmitBytes(damaged);
    if (emitted.ok()) continue;
    EXPECT_NE(emitted.status().code(), absl::StatusCode::kInternal)
        << round << ": " << emitted.status();
  }
}

}  // namespace
}  // namespace relink
