// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/objects/link_objects.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/elf/constants.h"
#include "relink/elf/records.h"
#include "relink/ir/verify_graph.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

using Elf = elf::Elf64Le;
using Shdr = elf::Shdr<Elf>;
using testing::HasSubstr;

std::string ReadObject(absl::string_view name) {
  std::ifstream file(TestdataPath(absl::StrCat("objects/", name)),
                     std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A file in memory of its own, so that reading past its end is seen.
class TestFile {
 public:
  explicit TestFile(const std::string& bytes)
      : bytes_(bytes.begin(), bytes.end()) {}

  template <typename T>
  T* At(uint64_t offset) {
    return reinterpret_cast<T*>(bytes_.data() + offset);
  }
  std::span<Shdr> sections() {
    auto* header = At<elf::Ehdr<Elf>>(0);
    return {At<Shdr>(header->e_shoff), header->e_shnum};
  }
  // The first of that type.
  Shdr& section(uint32_t type) {
    return *std::ranges::find(sections(), type, [](const Shdr& section) {
      return uint32_t{section.sh_type};
    });
  }
  // Of .rela.NAME.
  elf::Rela<Elf>* RelocationsOf(absl::string_view name) {
    const auto* header = At<elf::Ehdr<Elf>>(0);
    const Shdr& names = sections()[header->e_shstrndx];
    for (const Shdr& section : sections()) {
      if (At<char>(names.sh_offset + section.sh_name) ==
          absl::StrCat(".rela", name)) {
        return At<elf::Rela<Elf>>(section.sh_offset);
      }
    }
    return nullptr;
  }

  absl::Status Link() {
    std::vector<ModuleSource> sources;
    sources.push_back(
        ModuleSource::FromMemory(std::as_bytes(std::span(bytes_)), "a.o"));
    LinkGraph graph;
    const auto id = LinkObjects(graph, std::move(sources), "a.o");
    if (!id.ok()) return id.status();
    graph.root_id = *id;
    return VerifyGraph(graph);
  }

 private:
  std::vector<char> bytes_;
};

// Changes a good object, and expects that error.
void ExpectRefused(absl::string_view name,
                   const std::function<void(TestFile&)>& change,
                   absl::StatusCode code, absl::string_view message) {
  TestFile file(ReadObject(name));
  ASSERT_TRUE(file.Link().ok()) << file.Link();
  change(file);
  const absl::Status status = file.Link();
  EXPECT_EQ(status.code(), code) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(std::string(message)));
}

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kOutOfRange = absl::StatusCode::kOutOfRange;
constexpr auto kUnimplemented = absl::StatusCode::kUnimplemented;

TEST(LinkObjects, MakesGraphsThatAreRight) {
  for (const char* name :
       {"calls_pic.o", "calls_no_pic.o", "calls_large_pic.o",
        "throws_default.o", "throws_pic_clang.o", "threads_local_exec.o",
        "threads_descriptors.o", "first.o", "second.o", "order.o"}) {
    TestFile file(ReadObject(name));
    EXPECT_TRUE(file.Link().ok()) << file.Link();
  }
}

TEST(LinkObjects, MakesSectionsThatCanBePlaced) {
  const std::string bytes = ReadObject("calls_pic.o");
  std::vector<ModuleSource> sources;
  sources.push_back(
      ModuleSource::FromMemory(std::as_bytes(std::span(bytes)), "a.o"));
  LinkGraph graph;
  const auto id = LinkObjects(graph, std::move(sources), "group");
  ASSERT_TRUE(id.ok()) << id.status();
  const Module& module = graph.modules[*id];
  EXPECT_EQ(module.name(), "group");
  EXPECT_EQ(module.materialization, Materialization::kArenas);
  EXPECT_EQ(module.capability, Capability::kReorderable);
  std::vector<std::string> functions;
  for (const Section& section : graph.sections) {
    EXPECT_TRUE(section.arena_id.has_value()) << section.name;
    if (section.kind == SectionKind::kFunction) {
      functions.emplace_back(section.name);
    }
  }
  // -ffunction-sections: each is one that passes can order.
  EXPECT_THAT(functions,
              testing::IsSupersetOf({".text.choose", ".text.sorted_first"}));
}

TEST(LinkObjects, RefusesFilesThatAreCutOff) {
  const std::string bytes = ReadObject("first.o");
  for (size_t size = 0; size < bytes.size(); size += 7) {
    EXPECT_FALSE(TestFile(bytes.substr(0, size)).Link().ok()) << size;
  }
}

TEST(LinkObjects, RefusesOtherMachines) {
  ExpectRefused(
      "other.o",
      [](TestFile& file) {
        file.At<elf::Ehdr<Elf>>(0)->e_machine = elf::kEmAarch64;
      },
      kUnimplemented, "a.o: no support for objects of machine 183");
}

TEST(LinkObjects, RefusesSymbolsThatAreNone) {
  ExpectRefused(
      "first.o",
      [](TestFile& file) {
        file.RelocationsOf(".text")->r_info = uint64_t{0xffffff} << 32 | 2;
      },
      kInvalid, "symbol index 16777215 is past the end");
  ExpectRefused(
      "first.o",
      [](TestFile& file) {
        const Shdr& table = file.section(elf::kShtSymtab);
        file.At<elf::Sym<Elf>>(table.sh_offset)[1].st_shndx = 0x1000;
      },
      kInvalid, "section index 4096 is past the end");
  ExpectRefused(
      "first.o",
      [](TestFile& file) { file.section(elf::kShtSymtab).sh_info = 0xffff; },
      kInvalid, "sh_info is past the end");
  ExpectRefused(
      "first.o",
      [](TestFile& file) { file.section(elf::kShtSymtab).sh_link = 0xffff; },
      kInvalid, "has no string table");
}

TEST(LinkObjects, RefusesRelocationsThatAreWrong) {
  ExpectRefused(
      "first.o",
      [](TestFile& file) { file.RelocationsOf(".text")->r_offset = 1 << 20; },
      kOutOfRange, "place is outside of the section");
  ExpectRefused(
      "first.o",
      [](TestFile& file) {
        auto* relocation = file.RelocationsOf(".text");
        relocation->r_info = (uint64_t{relocation->r_info} >> 32) << 32 | 200;
      },
      kUnimplemented, "type 200");
  ExpectRefused(
      "first.o",
      [](TestFile& file) {
        auto* relocations = file.RelocationsOf(".text");
        relocations[1].r_offset = uint64_t{relocations[0].r_offset} + 1;
      },
      kInvalid, "two relocations are at one place");
  // What is no variable of a thread, taken for one.
  ExpectRefused(
      "other.o",
      [](TestFile& file) {
        auto* relocation = file.RelocationsOf(".eh_frame");
        relocation->r_info = (uint64_t{relocation->r_info} >> 32) << 32 | 23;
      },
      kInvalid, "is no thread-local variable");
}

TEST(LinkObjects, RefusesGroupsThatLoop) {
  ExpectRefused(
      "first.o",
      [](TestFile& file) {
        Shdr& group = file.section(elf::kShtGroup);
        const auto index =
            static_cast<uint32_t>(&group - file.sections().data());
        file.At<Elf::Word>(group.sh_offset)[1] = index;
      },
      kInvalid, "is a group or in another one");
  ExpectRefused(
      "first.o",
      [](TestFile& file) {
        const Shdr& group = file.section(elf::kShtGroup);
        file.At<Elf::Word>(group.sh_offset)[1] = 0x7fffffff;
      },
      kInvalid, "member 2147483647 is no section");
  ExpectRefused(
      "first.o",
      [](TestFile& file) { file.section(elf::kShtGroup).sh_info = 0; },
      kInvalid, "group without a signature");
}

TEST(LinkObjects, RefusesSizesThatNobodyHas) {
  ExpectRefused(
      "calls_default.o",
      [](TestFile& file) {
        file.section(elf::kShtNobits).sh_size = uint64_t{1} << 62;
      },
      kUnimplemented, "is larger than a GiB");
  ExpectRefused(
      "calls_default.o",
      [](TestFile& file) { file.section(elf::kShtNobits).sh_addralign = 3; },
      kInvalid, "alignment is not a power of two");
}

TEST(LinkObjects, RefusesUnwindRecordsThatAreWrong) {
  const auto frames = [](TestFile& file) {
    return file.At<Elf::Word>([&] {
      const auto* header = file.At<elf::Ehdr<Elf>>(0);
      const Shdr& names = file.sections()[header->e_shstrndx];
      for (const Shdr& section : file.sections()) {
        if (file.At<char>(names.sh_offset + section.sh_name) ==
            absl::string_view(".eh_frame")) {
          return uint64_t{section.sh_offset};
        }
      }
      return uint64_t{0};
    }());
  };
  ExpectRefused(
      "other.o", [&](TestFile& file) { *frames(file) = 0x7fffffff; }, kInvalid,
      "runs past the end");
  ExpectRefused(
      "other.o", [&](TestFile& file) { *frames(file) = 0xffffffff; },
      kUnimplemented, "length of 64 bits");
  ExpectRefused(
      "other.o",
      [&](TestFile& file) { file.RelocationsOf(".eh_frame")->r_offset = 0; },
      kInvalid, "no relocation says what it is about");
}

TEST(LinkObjects, NeedsAnObject) {
  LinkGraph graph;
  EXPECT_EQ(LinkObjects(graph, {}, "nothing").status().code(), kInvalid);
}

}  // namespace
}  // namespace relink
