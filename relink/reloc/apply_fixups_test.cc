// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/reloc/apply_fixups.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/arch/target.h"
#include "relink/ir/link_graph.h"
#include "relink/ir/module_source.h"
#include "relink/layout/layout.h"
#include "relink/map/fake_backend.h"
#include "relink/stage/placed_graph.h"

namespace relink {
namespace {

using testing::HasSubstr;

constexpr uint32_t k64 = 1;
constexpr uint32_t kPc32 = 2;
constexpr uint32_t kRelative = 8;

// Two functions of one module in arenas, the second before the first, and data
// in an arena of its own.
class ApplyFixupsTo : public testing::Test {
 protected:
  ApplyFixupsTo() {
    static const std::byte byte{};
    Module module(ModuleSource::FromMemory({&byte, 1}, "libfoo.so"),
                  HostTarget());
    module.materialization = Materialization::kArenas;
    graph_.root_id = graph_.modules.Add(std::move(module));
    code_ =
        graph_.arenas.Add({.name = "code", .memory_class = MemoryClass::kCode});
    data_ =
        graph_.arenas.Add({.name = "data", .memory_class = MemoryClass::kData});
    f_ = Add("f", code_, MemoryClass::kCode, 0x1000);
    g_ = Add("g", code_, MemoryClass::kCode, 0x1010);
    d_ = Add("d", data_, MemoryClass::kData, 0x3000);
    graph_.order = {g_, f_, d_};
  }

  SectionId Add(absl::string_view name, ArenaId arena_id,
                MemoryClass memory_class, uint64_t home) {
    Section section;
    section.module_id = graph_.root_id;
    section.name = name;
    section.kind = SectionKind::kFunction;
    section.memory_class = memory_class;
    section.size = 16;
    section.contents =
        SectionContents(std::vector<std::byte>(section.size, std::byte{0xcc}));
    section.home = {LinkAddr(home), section.size};
    section.arena_id = arena_id;
    const auto id = SectionId(static_cast<uint32_t>(graph_.sections.size()));
    Symbol symbol;
    symbol.definition = InSection{id, 0};
    section.symbol_id = graph_.symbols.Add(symbol);
    return graph_.sections.Add(std::move(section));
  }

  void Refer(SectionId from, uint32_t offset, uint32_t r_type, SymbolId to,
             int64_t addend) {
    Fixup fixup;
    fixup.offset = offset & 0x3fffffff;
    fixup.target = to;
    fixup.rule = &HostTarget().Rule(r_type);
    fixup.addend = addend;
    graph_.sections[from].fixups.push_back(fixup);
  }
  SymbolId SymbolOf(SectionId id) { return graph_.sections[id].symbol_id; }

  absl::Status Apply() {
    auto layout =
        PlanLayout(graph_, {.page_size = backend_.page_size(), .hint = {}});
    if (!layout.ok()) return layout.status();
    auto placed = Stage(std::move(graph_), *std::move(layout), backend_);
    if (!placed.ok()) return placed.status();
    placed_ = *std::move(placed);
    return ApplyFixups(*placed_, context_);
  }

  template <typename T>
  T Stored(SectionId id, uint64_t offset) {
    T value;
    std::memcpy(&value, placed_->Bytes(id).data() + offset, sizeof(value));
    return value;
  }
  uint64_t At(SectionId id) { return placed_->At(id).value(); }

  FakeBackend backend_{{.base = RuntimeAddr(0x100000)}};
  LinkGraph graph_;
  ArenaId code_, data_;
  SectionId f_, g_, d_;
  BindingContext context_;
  std::optional<PlacedGraph> placed_;
};

TEST_F(ApplyFixupsTo, LeadsToWhereTheTargetIsNow) {
  Refer(f_, 4, kPc32, SymbolOf(g_), -4);
  ASSERT_EQ(Apply(), absl::OkStatus());
  EXPECT_LT(At(g_), At(f_));
  EXPECT_EQ(static_cast<uint64_t>(int64_t{Stored<int32_t>(f_, 4)}),
            At(g_) - (At(f_) + 8));
}

TEST_F(ApplyFixupsTo, StoresAddresses) {
  Refer(d_, 8, k64, SymbolOf(f_), 3);
  ASSERT_EQ(Apply(), absl::OkStatus());
  EXPECT_EQ(Stored<uint64_t>(d_, 8), At(f_) + 3);
}

TEST_F(ApplyFixupsTo, LeavesAllOtherBytes) {
  Refer(f_, 4, kPc32, SymbolOf(g_), -4);
  ASSERT_EQ(Apply(), absl::OkStatus());
  EXPECT_EQ(Stored<uint32_t>(f_, 0), 0xccccccccu);
  EXPECT_EQ(Stored<uint32_t>(f_, 8), 0xccccccccu);
}

TEST_F(ApplyFixupsTo, KnowsAddressesOutside) {
  Symbol symbol;
  symbol.definition = External{RuntimeAddr(0x123456)};
  Refer(f_, 0, kPc32, graph_.symbols.Add(symbol), 0);
  ASSERT_EQ(Apply(), absl::OkStatus());
  EXPECT_EQ(Stored<uint32_t>(f_, 0), static_cast<uint32_t>(0x123456 - At(f_)));
}

TEST_F(ApplyFixupsTo, NamesAReferenceThatDoesNotReach) {
  Symbol symbol;
  symbol.name = "far";
  symbol.definition = External{RuntimeAddr(uint64_t{1} << 40)};
  Refer(f_, 4, kPc32, graph_.symbols.Add(symbol), 0);
  const absl::Status status = Apply();
  EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
  EXPECT_THAT(status.ToString(),
              HasSubstr("libfoo.so: f+0x4: R_X86_64_PC32 against far: value "
                        "does not fit in its field"));
}

TEST_F(ApplyFixupsTo, NamesASymbolThatNothingDefines) {
  Symbol symbol;
  symbol.name = "nothing";
  Refer(f_, 4, kPc32, graph_.symbols.Add(symbol), 0);
  const absl::Status status = Apply();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(status.ToString(), HasSubstr("against nothing: undefined"));
}

TEST_F(ApplyFixupsTo, RefusesRulesOfRelocationTables) {
  Refer(d_, 0, kRelative, SymbolOf(f_), 0);
  EXPECT_EQ(Apply().code(), absl::StatusCode::kUnimplemented);
}

TEST_F(ApplyFixupsTo, RefusesAPlaceOutsideOfItsSection) {
  Refer(f_, 13, kPc32, SymbolOf(g_), 0);
  EXPECT_EQ(Apply().code(), absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace relink
