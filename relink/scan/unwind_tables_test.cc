// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/unwind_tables.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/arch/target.h"
#include "relink/ir/link_graph.h"
#include "relink/ir/module_source.h"

namespace relink {
namespace {

using testing::HasSubstr;

constexpr uint64_t kFrames = 0x2000;  // The .eh_frame of the module.
constexpr uint64_t kCode = 0x1000;
constexpr uint64_t kLsda = 0x3000;
constexpr uint64_t kSlots = 0x4000;

// .eh_frame, written record by record (LSB Core, section 10.6).
class Frames {
 public:
  uint64_t size() const { return bytes_.size(); }
  std::vector<std::byte> bytes() const { return bytes_; }

  // A CIE as compilers make it for C: augmentation "zR".
  void AddPlainCommon() {
    Word(0x14);
    Word(0);
    Bytes({0x01, 'z', 'R', 0, 0x01, 0x78, 0x10, 0x01, 0x1b});
    Bytes({0x0c, 0x07, 0x08, 0x90, 0x01, 0x00, 0x00});
  }
  // And for C++: "zPLR", with the personality in a slot.
  void AddCxxCommon() {
    Word(0x1c);
    Word(0);
    Bytes({0x01, 'z', 'P', 'L', 'R', 0, 0x01, 0x78, 0x10, 0x07, 0x9b});
    WordTo(kSlots + 8);
    Bytes({0x1b, 0x1b, 0x0c, 0x07, 0x08, 0x90, 0x01, 0x00, 0x00});
  }
  LinkRange AddFrame(uint64_t common, uint64_t code) {
    const uint64_t begin = size();
    Word(0x10);
    Word(static_cast<uint32_t>(size() - common));
    WordTo(code);
    Word(16);
    Bytes({0, 0, 0, 0});
    return {LinkAddr(kFrames + begin), size() - begin};
  }
  LinkRange AddCxxFrame(uint64_t common, uint64_t code, uint64_t lsda) {
    const uint64_t begin = size();
    Word(0x14);
    Word(static_cast<uint32_t>(size() - common));
    WordTo(code);
    Word(16);
    Bytes({4});
    WordTo(lsda);
    Bytes({0, 0, 0});
    return {LinkAddr(kFrames + begin), size() - begin};
  }

 private:
  void Bytes(std::initializer_list<uint8_t> bytes) {
    for (uint8_t byte : bytes) bytes_.push_back(std::byte{byte});
  }
  void Word(uint32_t word) {
    for (unsigned i = 0; i < 4; ++i) {
      bytes_.push_back(static_cast<std::byte>(word >> 8 * i));
    }
  }
  void WordTo(uint64_t target) {
    Word(static_cast<uint32_t>(target - (kFrames + size())));
  }

  std::vector<std::byte> bytes_;
};

class UnwindTables : public testing::Test {
 protected:
  UnwindTables() {
    static const std::byte byte{};
    graph_.root_id = graph_.modules.Add(Module(
        ModuleSource::FromMemory({&byte, 1}, "libfoo.so"), HostTarget()));
    arena_ = graph_.arenas.Add({.name = "hot"});
  }

  SectionId Add(absl::string_view name, uint64_t home,
                std::vector<std::byte> bytes) {
    Section section;
    section.module_id = graph_.root_id;
    section.name = name;
    section.size = bytes.size();
    section.home = {LinkAddr(home), bytes.size()};
    section.contents = SectionContents(std::move(bytes));
    const auto id = SectionId(static_cast<uint32_t>(graph_.sections.size()));
    Symbol symbol;
    symbol.module_id = graph_.root_id;
    symbol.definition = InSection{id, 0};
    section.symbol_id = graph_.symbols.Add(symbol);
    graph_.sections.Add(std::move(section));
    graph_.order.push_back(id);
    return id;
  }
  SectionId AddOutput(absl::string_view name, uint64_t home,
                      std::vector<std::byte> bytes) {
    const SectionId id = Add(name, home, std::move(bytes));
    graph_.modules[graph_.root_id].sections.push_back(id);
    return id;
  }
  SectionId AddFunction(uint64_t home, LinkRange fde) {
    const SectionId id =
        Add("f", home, std::vector<std::byte>(16, std::byte{0x90}));
    graph_.sections[id].kind = SectionKind::kFunction;
    graph_.sections[id].fde = fde;
    graph_.sections[id].arena_id = arena_;
    return id;
  }

  const Section& Made() {
    EXPECT_EQ(graph_.sections[graph_.order.back()].kind, SectionKind::kUnwind);
    return graph_.sections[graph_.order.back()];
  }
  static uint32_t Word(const Section& section, size_t offset) {
    uint32_t word = 0;
    std::memcpy(&word, section.contents.bytes().data() + offset, sizeof(word));
    return word;
  }

  Frames frames_;
  LinkGraph graph_;
  ArenaId arena_;
};

TEST_F(UnwindTables, PointToTheFunctionWhereverItGoes) {
  frames_.AddPlainCommon();
  const SectionId function = AddFunction(kCode, frames_.AddFrame(0, kCode));
  AddOutput(".eh_frame", kFrames, frames_.bytes());
  ASSERT_EQ(AddUnwindTables(graph_), absl::OkStatus());
  const Section& made = Made();
  ASSERT_EQ(made.fixups.size(), 1u);
  EXPECT_EQ(made.fixups[0].offset, 24u + 8u);
  EXPECT_EQ(made.fixups[0].target, graph_.sections[function].symbol_id);
  EXPECT_EQ(made.fixups[0].addend, 0);
  EXPECT_EQ(made.fixups[0].rule->formula, Formula::kPcRelative);
  EXPECT_EQ(made.fixups[0].rule->field, Field::k32);
}

TEST_F(UnwindTables, EndWithAZeroWord) {
  frames_.AddPlainCommon();
  AddFunction(kCode, frames_.AddFrame(0, kCode));
  AddOutput(".eh_frame", kFrames, frames_.bytes());
  ASSERT_EQ(AddUnwindTables(graph_), absl::OkStatus());
  EXPECT_EQ(Made().size, frames_.size() + 4);
  EXPECT_EQ(Word(Made(), frames_.size()), 0u);
}

TEST_F(UnwindTables, ShareWhatFunctionsHaveInCommon) {
  frames_.AddPlainCommon();
  AddFunction(kCode, frames_.AddFrame(0, kCode));
  AddFunction(kCode + 16, frames_.AddFrame(0, kCode + 16));
  AddOutput(".eh_frame", kFrames, frames_.bytes());
  ASSERT_EQ(AddUnwindTables(graph_), absl::OkStatus());
  const Section& made = Made();
  ASSERT_EQ(made.size, 24u + 20u + 20u + 4u);
  EXPECT_EQ(Word(made, 24 + 4), 24u + 4u);  // Back to the CIE.
  EXPECT_EQ(Word(made, 44 + 4), 44u + 4u);
}

TEST_F(UnwindTables, AreOneForFunctionsOfAllModules) {
  frames_.AddPlainCommon();
  const LinkRange frame = frames_.AddFrame(0, kCode);
  AddFunction(kCode, frame);
  AddOutput(".eh_frame", kFrames, frames_.bytes());
  static const std::byte byte{};
  graph_.root_id = graph_.modules.Add(
      Module(ModuleSource::FromMemory({&byte, 1}, "libbar.so"), HostTarget()));
  AddFunction(kCode, frame);
  AddOutput(".eh_frame", kFrames, frames_.bytes());
  ASSERT_EQ(AddUnwindTables(graph_), absl::OkStatus());
  EXPECT_EQ(graph_.sections.size(), 5u);
  const Section& made = Made();
  ASSERT_EQ(made.fixups.size(), 2u);
  EXPECT_NE(made.fixups[0].target, made.fixups[1].target);
  EXPECT_EQ(made.size, 2 * frames_.size() + 4);  // Each with its own CIE.
}

TEST_F(UnwindTables, KeepPersonalityAndLanguageSpecificData) {
  frames_.AddCxxCommon();
  AddFunction(kCode, frames_.AddCxxFrame(0, kCode, kLsda + 4));
  AddOutput(".eh_frame", kFrames, frames_.bytes());
  const SectionId lsda =
      AddOutput(".gcc_except_table", kLsda, std::vector<std::byte>(16));
  const SectionId slots =
      AddOutput(".data.rel.ro", kSlots, std::vector<std::byte>(16));
  ASSERT_EQ(AddUnwindTables(graph_), absl::OkStatus());
  const Section& made = Made();
  ASSERT_EQ(made.fixups.size(), 3u);
  EXPECT_EQ(made.fixups[0].offset, 19u);
  EXPECT_EQ(made.fixups[0].target, graph_.sections[slots].symbol_id);
  EXPECT_EQ(made.fixups[0].addend, 8);
  EXPECT_EQ(made.fixups[2].offset, 32u + 17u);
  EXPECT_EQ(made.fixups[2].target, graph_.sections[lsda].symbol_id);
  EXPECT_EQ(made.fixups[2].addend, 4);
}

TEST_F(UnwindTables, AreNotMadeForWhatStays) {
  frames_.AddPlainCommon();
  const SectionId function = AddFunction(kCode, frames_.AddFrame(0, kCode));
  graph_.sections[function].arena_id = ArenaId();
  AddOutput(".eh_frame", kFrames, frames_.bytes());
  ASSERT_EQ(AddUnwindTables(graph_), absl::OkStatus());
  EXPECT_EQ(graph_.sections.size(), 2u);
}

TEST_F(UnwindTables, RefuseARecordThatIsNowhere) {
  AddFunction(kCode, {LinkAddr(0x7000), 20});
  AddOutput(".eh_frame", kFrames, frames_.bytes());
  const absl::Status status = AddUnwindTables(graph_);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(status.ToString(), HasSubstr("libfoo.so: f: its unwind record"));
}

TEST_F(UnwindTables, RefuseAPointerToNothing) {
  frames_.AddCxxCommon();
  AddFunction(kCode, frames_.AddCxxFrame(0, kCode, kLsda));
  AddOutput(".eh_frame", kFrames, frames_.bytes());
  EXPECT_EQ(AddUnwindTables(graph_).code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace relink
