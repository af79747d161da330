// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/layout/layout.h"

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/arch/target.h"
#include "relink/ir/link_graph.h"
#include "relink/ir/module_source.h"

namespace relink {
namespace {

using testing::HasSubstr;

constexpr uint64_t kPage = 4096;
constexpr uint64_t kHugePage = uint64_t{2} << 20;

Segment Pages(uint64_t first, uint64_t count, bool writable = false) {
  return {.memory = {LinkAddr(first * kPage), count * kPage},
          .file = {FileOffset(first * kPage), count * kPage},
          .alignment = kPage,
          .writable = writable};
}

// A module with those segments, whose file has `size` bytes; 0 for one in
// memory.
Module MakeModule(std::vector<Segment> segments, uint64_t size = 0) {
  static const std::byte byte{};
  if (size == 0) {
    Module module(ModuleSource::FromMemory({&byte, 1}, "memory"), HostTarget());
    module.segments = std::move(segments);
    return module;
  }
  const std::string path = absl::StrCat(testing::TempDir(), "/module");
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      << std::string(size, '\0');
  auto source = ModuleSource::Open(path);
  EXPECT_TRUE(source.ok()) << source.status();
  Module module(*std::move(source), HostTarget());
  module.segments = std::move(segments);
  return module;
}

class PlanLayoutOf : public testing::Test {
 protected:
  void Add(Module module) { graph_.modules.Add(std::move(module)); }
  Layout Plan(const LayoutOptions& options = {}) {
    auto layout = PlanLayout(graph_, options);
    EXPECT_TRUE(layout.ok()) << layout.status();
    return layout.ok() ? *std::move(layout) : Layout();
  }
  const ModulePlacement& Placement(const Layout& layout, uint32_t i) {
    return layout.modules[ModuleId(i)];
  }

  LinkGraph graph_;
};

TEST_F(PlanLayoutOf, MovableModulesIsOneReservation) {
  Add(MakeModule({Pages(0, 1), Pages(2, 1)}));
  Add(MakeModule({Pages(16, 2)}));
  const Layout layout = Plan();
  ASSERT_EQ(layout.reservations.size(), 1u);
  EXPECT_EQ(layout.reservations[0].size, 5 * kPage);
  EXPECT_EQ(layout.reservations[0].alignment, kPage);
  EXPECT_FALSE(layout.reservations[0].fixed);
  EXPECT_EQ(Placement(layout, 0).offset, 0u);
  EXPECT_EQ(Placement(layout, 0).span, (LinkRange{LinkAddr(0), 3 * kPage}));
  EXPECT_EQ(Placement(layout, 1).offset, 3 * kPage);
  EXPECT_EQ(Placement(layout, 1).span,
            (LinkRange{LinkAddr(16 * kPage), 2 * kPage}));
}

TEST_F(PlanLayoutOf, MovableModulesPassesTheHintOn) {
  Add(MakeModule({Pages(0, 1)}));
  EXPECT_EQ(
      Plan({.hint = RuntimeAddr(0x40000000)}).reservations[0].address.value(),
      0x40000000u);
}

TEST_F(PlanLayoutOf, AFixedProgramIsAReservationOfItsOwn) {
  Add(MakeModule({Pages(0, 1)}));
  Module program = MakeModule({Pages(0x400, 3)});
  program.position_independent = false;
  Add(std::move(program));
  const Layout layout = Plan();
  const ReservationPlan& fixed =
      layout.reservations[Placement(layout, 1).reservation];
  EXPECT_TRUE(fixed.fixed);
  EXPECT_EQ(fixed.address.value(), 0x400 * kPage);
  EXPECT_EQ(fixed.size, 3 * kPage);
  EXPECT_EQ(layout.reservations[Placement(layout, 0).reservation].size, kPage);
}

TEST_F(PlanLayoutOf, AFixedProgramAloneClaimsNothingElse) {
  Module program = MakeModule({Pages(0x400, 3)});
  program.position_independent = false;
  Add(std::move(program));
  EXPECT_EQ(Plan().reservations.size(), 1u);
}

TEST_F(PlanLayoutOf, AFixedProgramSaysForItselfHowItIsBacked) {
  Module program = MakeModule({Pages(0x400, 16)}, 16 * kPage);
  program.position_independent = false;
  Add(std::move(program));
  Add(MakeModule({Pages(0, 1)}));
  const Layout layout = Plan();
  ASSERT_EQ(layout.reservations.size(), 2u);
  EXPECT_FALSE(
      layout.reservations[Placement(layout, 0).reservation].all_copied);
  EXPECT_TRUE(layout.reservations[Placement(layout, 1).reservation].all_copied);
}

TEST_F(PlanLayoutOf, ModulesOfSeveralAlignmentsTakesTheGreatest) {
  for (const uint64_t alignment : {0x4000, 0x200000, 0x10000}) {
    Segment aligned = Pages(3, 1);
    aligned.alignment = alignment;
    aligned.file.begin = FileOffset(0);
    Add(MakeModule({aligned}));
  }
  const Layout layout = Plan();
  EXPECT_EQ(layout.reservations[0].alignment, 0x200000u);
  uint64_t end = 0;
  for (uint32_t i = 0; i < 3; ++i) {
    const ModulePlacement& placement = Placement(layout, i);
    EXPECT_GE(placement.offset, end);
    EXPECT_EQ((placement.offset - 3 * kPage) %
                  graph_.modules[ModuleId(i)].segments[0].alignment,
              0u);
    end = placement.offset + placement.span.size;
  }
  EXPECT_EQ(layout.reservations[0].size, end);
}

TEST_F(PlanLayoutOf, AnAlignedSegmentKeepsItsAddressModuloThat) {
  Add(MakeModule({Pages(0, 1)}));
  Segment aligned = Pages(3, 1);
  aligned.alignment = 0x10000;
  Add(MakeModule({Pages(1, 1), aligned}));
  const Layout layout = Plan();
  EXPECT_EQ(layout.reservations[0].alignment, 0x10000u);
  EXPECT_EQ(Placement(layout, 1).offset % 0x10000, kPage);
}

TEST_F(PlanLayoutOf, LargeModulesIsBackedByTheirFiles) {
  Add(MakeModule({Pages(0, 16)}, 16 * kPage));
  Add(MakeModule({Pages(0, 1)}, kPage));
  Add(MakeModule({Pages(0, 16)}));
  const Layout layout = Plan();
  EXPECT_EQ(Placement(layout, 0).backing, Backing::kFile);
  EXPECT_EQ(Placement(layout, 1).backing, Backing::kCopy);
  EXPECT_EQ(Placement(layout, 2).backing, Backing::kCopy);
  EXPECT_FALSE(layout.reservations[0].all_copied);
}

TEST_F(PlanLayoutOf, CopiesIsSaidOfTheirReservation) {
  Add(MakeModule({Pages(0, 1)}));
  EXPECT_TRUE(Plan().reservations[0].all_copied);
}

TEST_F(PlanLayoutOf, SegmentsThatPagesOfTheFileCannotStandForIsACopy) {
  Segment shifted = Pages(0, 16);
  shifted.alignment = 16;
  shifted.file.begin = FileOffset(16);
  Add(MakeModule({shifted}, 17 * kPage));
  EXPECT_EQ(Placement(Plan(), 0).backing, Backing::kCopy);
  // Congruent modulo 4 KiB, but not modulo 64.
  graph_ = LinkGraph();
  Segment moved = Pages(1, 16);
  moved.file.begin = FileOffset(0);
  Add(MakeModule({moved}, 17 * kPage));
  EXPECT_EQ(Placement(Plan(), 0).backing, Backing::kFile);
  EXPECT_EQ(Placement(Plan({.page_size = 0x10000}), 0).backing, Backing::kCopy);
}

TEST_F(PlanLayoutOf, LargeRewrittenDataIsAlignedForHugePages) {
  Module module =
      MakeModule({Pages(0, 5), Pages(5, 512, /*writable=*/true)}, 517 * kPage);
  module.dynamic.rela.size = 24 * 512 * 8;
  Add(std::move(module));
  const Layout layout = Plan();
  EXPECT_TRUE(Placement(layout, 0).mostly_written);
  EXPECT_EQ(layout.reservations[0].alignment, kHugePage);
  EXPECT_EQ((Placement(layout, 0).offset + 5 * kPage) % kHugePage, 0u);
}

TEST_F(PlanLayoutOf, DataThatStaysAsItIsIsNot) {
  Add(MakeModule({Pages(0, 5), Pages(5, 512, /*writable=*/true)}, 517 * kPage));
  const Layout layout = Plan();
  EXPECT_FALSE(Placement(layout, 0).mostly_written);
  EXPECT_EQ(layout.reservations[0].alignment, kPage);
}

TEST_F(PlanLayoutOf, LargeRewrittenDataOfAFileToBeIsWhereItsAddressesSay) {
  Module module =
      MakeModule({Pages(0, 5), Pages(5, 512, /*writable=*/true)}, 517 * kPage);
  module.dynamic.rela.size = 24 * 512 * 8;
  Add(std::move(module));
  const Layout layout = Plan({.at_link_addresses = true});
  EXPECT_TRUE(Placement(layout, 0).mostly_written);
  EXPECT_EQ(Placement(layout, 0).offset, 0u);
  EXPECT_TRUE(layout.reservations[0].fixed);
  EXPECT_EQ(layout.reservations[0].address, RuntimeAddr(0));
}

TEST_F(PlanLayoutOf, SegmentsThatShareAPageIsRefused) {
  Add(MakeModule({Pages(0, 1), Pages(1, 1)}));
  const absl::Status status =
      PlanLayout(graph_, {.page_size = 0x10000}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "memory: segments 0 and 1 share the page at 0x0");
  EXPECT_TRUE(PlanLayout(graph_, {}).ok());
}

TEST_F(PlanLayoutOf, MoreThanTheAddressSpaceIsRefused) {
  Segment vast = Pages(0, 1);
  vast.memory.size = uint64_t{1} << 56;
  for (int i = 0; i < 17; ++i) Add(MakeModule({vast}));
  const absl::Status status = PlanLayout(graph_, {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
  EXPECT_THAT(std::string(status.message()), HasSubstr("address space"));
}

TEST_F(PlanLayoutOf, NothingAtTheNullAddress) {
  Module module = MakeModule({Pages(0, 1), Pages(1, 1)});
  module.position_independent = false;
  Add(std::move(module));
  EXPECT_EQ(PlanLayout(graph_, {}).status(),
            absl::InvalidArgumentError(
                "memory: cannot move and begins at address 0"));
}

}  // namespace
}  // namespace relink
