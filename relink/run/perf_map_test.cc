// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/run/perf_map.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "relink/ir/module_source.h"

namespace relink {
namespace {

constexpr char kSelf[] = "/proc/self/exe";
constexpr uint64_t kBias = 0x100000;

std::string ContentsOf(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// This test, and a function of it.
class PerfMapTest : public testing::Test {
 protected:
  PerfMapTest()
      : source_(*ModuleSource::Open(kSelf)),
        symbols_(
            *profiles::FileSymbols::Read(*source_.Read(0, source_.size()))) {
    const auto& functions = symbols_.functions();
    function_ = *std::ranges::find_if(functions, [](const auto& function) {
      return function.range.size > 16 && !function.name.empty();
    });
    mkdir(folder_.c_str(), 0700);
  }

  MovedFunctions::Move MoveTo(uint64_t to) const {
    return {{RuntimeAddr(function_.range.begin.value() + kBias),
             function_.range.size},
            RuntimeAddr(to)};
  }
  std::string File(absl::string_view kind) const {
    return absl::StrCat(folder_, "/", kind, "-", getpid(), ".map");
  }
  // Of a process in which the function went to `to`.
  absl::Status Append(PerfMap& map, uint64_t to) const {
    const std::vector<MappedModule> modules = {
        {.path = kSelf, .name = kSelf, .bias = kBias, .handle = this}};
    RelinkedProcess relinked;
    relinked.moved = MovedFunctions({MoveTo(to)}, {}, {});
    relinked.spans = {{this, {RuntimeAddr(kBias), uint64_t{1} << 40}}};
    return map.Append(relinked, modules);
  }
  std::string NameLine(uint64_t to) const {
    return absl::StrCat(absl::Hex(to), " ", absl::Hex(function_.range.size),
                        " ", function_.name, "\n");
  }

  const std::string folder_ = absl::StrCat(testing::TempDir(), "/perf_map");
  ModuleSource source_;
  profiles::FileSymbols symbols_;
  profiles::NamedFunction function_;
};

TEST_F(PerfMapTest, SaysWhatIsWhereAndWhereItCameFrom) {
  const std::vector<MovedFunctions::Move> moves = {MoveTo(0x9000)};
  ProfilerText text;
  AddMoves(moves, {.path = "/a b", .name = "a", .bias = kBias}, symbols_, text);
  EXPECT_EQ(text.names, NameLine(0x9000));
  const uint64_t offset = symbols_.OffsetOf(function_.range.begin)->value();
  EXPECT_TRUE(text.origins.starts_with(absl::StrCat(
      "9000 ", absl::Hex(function_.range.size), " ", absl::Hex(offset), " ")))
      << text.origins;
  EXPECT_TRUE(text.origins.ends_with(" /a b\n")) << text.origins;
}

TEST_F(PerfMapTest, LeavesOutFilesWhoseNamesWouldBeLines) {
  const std::vector<MovedFunctions::Move> moves = {MoveTo(0x9000)};
  ProfilerText text;
  AddMoves(moves, {.path = "/a\nb", .name = "a", .bias = kBias}, symbols_,
           text);
  EXPECT_EQ(text.names + text.origins, "");
}

TEST_F(PerfMapTest, AppendsToFilesThatItMadeItself) {
  const std::string other = absl::StrCat(folder_, "/other");
  std::ofstream(other) << "other\n";
  unlink(File("perf").c_str());
  ASSERT_EQ(symlink(other.c_str(), File("perf").c_str()), 0);
  PerfMap map(folder_);
  ASSERT_TRUE(Append(map, 0x9000).ok());
  ASSERT_TRUE(Append(map, 0xa000).ok());
  EXPECT_EQ(ContentsOf(File("perf")), NameLine(0x9000) + NameLine(0xa000));
  EXPECT_EQ(ContentsOf(other), "other\n");
  EXPECT_EQ(std::ranges::count(ContentsOf(File("relink")), '\n'), 2);
}

TEST_F(PerfMapTest, WritesNothingWithoutAFolder) {
  PerfMap nowhere("");
  EXPECT_TRUE(Append(nowhere, 0x9000).ok());
  PerfMap missing(absl::StrCat(folder_, "/missing"));
  EXPECT_EQ(Append(missing, 0x9000).code(),
            absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace relink
