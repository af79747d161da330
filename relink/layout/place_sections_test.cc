// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/layout/place_sections.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/arch/target.h"
#include "relink/ir/link_graph.h"
#include "relink/ir/module_source.h"
#include "relink/layout/layout.h"
#include "relink/map/mapping_backend.h"

namespace relink {
namespace {

using testing::HasSubstr;

constexpr uint64_t kPage = 4096;
constexpr uint64_t kHugePage = uint64_t{2} << 20;

class PlaceSectionsOf : public testing::Test {
 protected:
  PlaceSectionsOf() {
    static const std::byte byte{};
    Module module(ModuleSource::FromMemory({&byte, 1}, "module"), HostTarget());
    module.materialization = Materialization::kArenas;
    graph_.root_id = graph_.modules.Add(std::move(module));
  }

  ArenaId AddArena(MemoryClass memory_class, bool huge_pages = false) {
    return graph_.arenas.Add({.name = "arena",
                              .memory_class = memory_class,
                              .huge_pages = huge_pages});
  }

  SectionId Add(ArenaId arena_id, uint64_t home, uint64_t size,
                uint64_t alignment = 1,
                MemoryClass memory_class = MemoryClass::kCode) {
    Section section;
    section.module_id = graph_.root_id;
    section.name = "section";
    section.memory_class = memory_class;
    section.size = size;
    section.alignment = alignment;
    section.home = {LinkAddr(home), size};
    section.arena_id = arena_id;
    const SectionId id = graph_.sections.Add(std::move(section));
    graph_.order.push_back(id);
    return id;
  }

  void Plan() {
    auto layout = PlanLayout(graph_, {.page_size = kPage, .hint = {}});
    ASSERT_TRUE(layout.ok()) << layout.status();
    layout_ = *std::move(layout);
  }
  uint64_t OffsetOf(SectionId id) { return layout_.sections[id].offset; }

  LinkGraph graph_;
  Layout layout_;
};

TEST_F(PlaceSectionsOf, PacksCodeInTheOrderOfTheGraph) {
  const ArenaId arena = AddArena(MemoryClass::kCode);
  const SectionId first = Add(arena, 0x1000, 10);
  const SectionId second = Add(arena, 0x100a, 20, 16);
  const SectionId third = Add(arena, 0x2000, 4, 4);
  graph_.order = {third, first, second};
  Plan();
  EXPECT_EQ(OffsetOf(third), 0u);
  EXPECT_EQ(OffsetOf(first), 4u);
  EXPECT_EQ(OffsetOf(second), 16u);
  EXPECT_EQ(layout_.arenas[arena].size, kPage);
  EXPECT_EQ(layout_.arenas[arena].protection, Protection::kReadExecute);
}

TEST_F(PlaceSectionsOf, KeepsDistancesOfDataAsInTheFile) {
  const ArenaId arena = AddArena(MemoryClass::kData);
  const SectionId data = Add(arena, 0x3028, 24, 8, MemoryClass::kData);
  const SectionId bss = Add(arena, 0x3040, 100, 32, MemoryClass::kData);
  Plan();
  EXPECT_EQ(OffsetOf(bss) - OffsetOf(data), 0x18u);
  EXPECT_EQ(OffsetOf(bss) % 32, 0u);
}

TEST_F(PlaceSectionsOf, ForgetsDistancesOfDataThatAPassPutApart) {
  const ArenaId arena = AddArena(MemoryClass::kData);
  const SectionId first = Add(arena, 0x3000, 8, 8, MemoryClass::kData);
  const SectionId second = Add(arena, 0x3100, 8, 8, MemoryClass::kData);
  graph_.order = {second, first};
  Plan();
  EXPECT_EQ(OffsetOf(second), 0u);
  EXPECT_EQ(OffsetOf(first), 8u);
}

TEST_F(PlaceSectionsOf, PutsArenasOnPagesOfTheirOwn) {
  const ArenaId code = AddArena(MemoryClass::kCode);
  const ArenaId data = AddArena(MemoryClass::kData);
  Add(code, 0x1000, kPage + 1);
  Add(data, 0x9000, 8, 8, MemoryClass::kData);
  Plan();
  EXPECT_EQ(layout_.arenas[code].offset, 0u);
  EXPECT_EQ(layout_.arenas[data].offset, 2 * kPage);
  ASSERT_EQ(layout_.reservations.size(), 1u);
  EXPECT_EQ(layout_.reservations[0].size, 3 * kPage);
}

TEST_F(PlaceSectionsOf, AlignsHugeArenasForHugePages) {
  const ArenaId small = AddArena(MemoryClass::kReadOnly);
  const ArenaId huge = AddArena(MemoryClass::kCode, /*huge_pages=*/true);
  Add(small, 0x100, 8, 8, MemoryClass::kReadOnly);
  Add(huge, 0x1000, 100);
  Plan();
  EXPECT_EQ(layout_.arenas[huge].offset, kHugePage);
  EXPECT_EQ(layout_.arenas[huge].size, kHugePage);
  EXPECT_EQ(layout_.reservations[0].alignment, kHugePage);
}

TEST_F(PlaceSectionsOf, LeavesOutWhatOccupiesNoMemory) {
  const ArenaId arena = AddArena(MemoryClass::kTls);
  const SectionId tbss = Add(arena, 0x3000, 64, 8, MemoryClass::kTls);
  Plan();
  EXPECT_FALSE(layout_.IsPlaced(tbss));
  EXPECT_EQ(layout_.arenas[arena].size, 0u);
}

TEST_F(PlaceSectionsOf, RefusesAModuleInArenasWithASectionThatHasNone) {
  const ArenaId arena = AddArena(MemoryClass::kCode);
  const SectionId id = Add(arena, 0x1000, 10);
  graph_.sections[id].arena_id = ArenaId();
  const auto layout = PlanLayout(graph_, {.page_size = kPage, .hint = {}});
  EXPECT_EQ(layout.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(layout.status().ToString(),
              HasSubstr("module: section section has no arena"));
}

class Redirection : public PlaceSectionsOf {
 protected:
  // Of a section that stays to one that was placed.
  bool IsRedirectedBy(uint32_t r_type, FixupOrigin origin) {
    const SectionId target = Add(AddArena(MemoryClass::kCode), 0x1000, 10);
    Plan();
    Symbol symbol;
    symbol.definition = InSection{target, 0};
    Fixup fixup;
    fixup.origin = origin;
    fixup.target = graph_.symbols.Add(symbol);
    fixup.rule = &HostTarget().Rule(r_type);
    return IsRedirected(graph_, layout_, fixup);
  }
};

constexpr uint32_t kPc32 = 2;
constexpr uint32_t kPlt32 = 4;
constexpr uint32_t kPc8 = 15;

TEST_F(Redirection, IsForAddressesThatAreTaken) {
  EXPECT_TRUE(IsRedirectedBy(kPc32, FixupOrigin::kRecovered));
}
TEST_F(Redirection, IsNotForBranchesWhoseTargetIsStillThere) {
  EXPECT_FALSE(IsRedirectedBy(kPlt32, FixupOrigin::kRecovered));
}
TEST_F(Redirection, IsNotForShortBranches) {
  EXPECT_FALSE(IsRedirectedBy(kPc8, FixupOrigin::kRecovered));
}
TEST_F(Redirection, IsNotForWhatARelocationTableApplies) {
  EXPECT_FALSE(IsRedirectedBy(kPc32, FixupOrigin::kDynamic));
}

}  // namespace
}  // namespace relink
