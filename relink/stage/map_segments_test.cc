// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Segments of every shape, on pages of every size.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/elf/constants.h"
#include "relink/ir/link_graph.h"
#include "relink/layout/layout.h"
#include "relink/map/fake_backend.h"
#include "relink/stage/placed_graph.h"
#include "relink/stage/stage_fixture.h"

namespace relink {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr ModuleId kFirst{0};
constexpr uint64_t kHugePage = uint64_t{2} << 20;
// Eight relocations for each page of 2 MiB.
constexpr uint64_t kManyRelocations = uint64_t{24} * 512 * 8;

class Segments : public StageFixture {
 protected:
  void UsePages(uint64_t size) { backend_ = FakeBackend({.page_size = size}); }
  std::optional<Protection> ProtectionOf(const PlacedModule& module,
                                         uint64_t addr) {
    return backend_.ProtectionAt(module.At(LinkAddr(addr)));
  }
};

// As linkers lay them out for machines whose pages may be of 64 KiB: addresses
// jump over a page where protections change, the file does not.
std::vector<Segment> SegmentsForLargePages() {
  std::vector<Segment> segments = {MakeSegment(0, 0, 0x3100),
                                   MakeCode(0x13100, 0x3100, 0x4200),
                                   MakeSegment(0x27300, 0x7300, 0x1000),
                                   MakeData(0x38300, 0x8300, 0x1900, 0x23000)};
  for (Segment& segment : segments) segment.alignment = 0x10000;
  return segments;
}

TEST_F(Segments, ShareFilePagesButNoMemoryPages) {
  for (const uint64_t page_size : {0x1000u, 0x4000u, 0x10000u}) {
    UsePages(page_size);
    AddFile(SegmentsForLargePages());
    auto placed = Run();
    ASSERT_TRUE(placed.ok()) << placed.status();
    EXPECT_EQ(placed->layout().modules[kFirst].backing, Backing::kFile);
    ExpectContents(*placed, kFirst);
    auto image = FinishImage(*std::move(placed), nullptr);
    ASSERT_TRUE(image.ok()) << image.status();
    const PlacedModule& where = image->placed(kFirst);
    EXPECT_EQ(where.start.value() % 0x10000, 0u);
    EXPECT_EQ(ProtectionOf(where, 0x30ff), Protection::kRead);
    EXPECT_EQ(ProtectionOf(where, 0x13100), Protection::kReadExecute);
    EXPECT_EQ(ProtectionOf(where, 0x172ff), Protection::kReadExecute);
    EXPECT_EQ(ProtectionOf(where, 0x27300), Protection::kRead);
    EXPECT_EQ(ProtectionOf(where, 0x38300), Protection::kReadWrite);
    EXPECT_EQ(ProtectionOf(where, 0x5cbff), Protection::kReadWrite);
    EXPECT_THAT(backend_.misuses(), IsEmpty());
  }
}

TEST_F(Segments, AreMappedInWholeLargePages) {
  UsePages(0x10000);
  AddFile(SegmentsForLargePages());
  ASSERT_TRUE(Run().ok());
  EXPECT_THAT(
      backend_.calls(),
      ElementsAre("reserve 0x60000 align 0x10000 --- -> 0x100000",
                  "map-file 0x100000+0x10000 offset 0x0 r--",
                  "map-file 0x110000+0x10000 offset 0x0 r-x",
                  "map-file 0x120000+0x10000 offset 0x0 r--",
                  "map-file 0x130000+0x10000 offset 0x0 rw-",
                  "map-zero 0x140000+0x20000", "release 0x100000+0x60000"));
}

TEST_F(Segments, AreCopiedIfPagesAreTooLargeForTheirFile) {
  // Pages of 4 KiB can be mapped, pages of 16 KiB cannot.
  const std::vector<Segment> segments = {MakeSegment(0, 0, 0x1000),
                                         MakeData(0x8000, 0x1000, 0x1000)};
  UsePages(0x4000);
  AddFile(segments);
  auto placed = Run();
  ASSERT_TRUE(placed.ok()) << placed.status();
  EXPECT_EQ(placed->layout().modules[kFirst].backing, Backing::kCopy);
  ExpectContents(*placed, kFirst);
  const auto image = FinishImage(*std::move(placed), nullptr);
  ASSERT_TRUE(image.ok()) << image.status();
  EXPECT_THAT(backend_.calls(),
              ElementsAre("reserve 0xc000 align 0x4000 rw- -> 0x100000",
                          "protect 0x100000+0x4000 r--",
                          "protect 0x104000+0x4000 ---"));
}

TEST_F(Segments, AreRefusedIfTheyShareALargePage) {
  UsePages(0x4000);
  AddFile(TypicalSegments());
  EXPECT_EQ(Run().status(),
            absl::InvalidArgumentError(
                path_ + ": segments 0 and 1 share the page at 0x0"));
  EXPECT_THAT(backend_.calls(), IsEmpty());
}

TEST_F(Segments, KeepTheirAddressModuloTheirAlignment) {
  std::vector<Segment> segments = TypicalSegments();
  for (Segment& segment : segments) {
    segment.memory.begin = segment.memory.begin + 0x5000;
  }
  segments[1].alignment = 0x100000;
  AddMemory({MakeSegment(0, 0, 0x1000)});
  AddFile(segments);
  const auto placed = Run();
  ASSERT_TRUE(placed.ok()) << placed.status();
  EXPECT_EQ(placed->placed(ModuleId(1)).bias() % 0x100000, 0u);
  EXPECT_EQ(backend_.calls()[0],
            "reserve 0x113000 align 0x100000 --- -> 0x100000");
  ExpectContents(*placed, ModuleId(1));
}

TEST_F(Segments, ThatAreReadOnlyCanEndInZeros) {
  std::vector<Segment> segments = {MakeSegment(0, 0, 0x1800),
                                   MakeCode(0x4000, 0x4000, 0x800)};
  for (Segment& segment : segments) segment.memory.size += 0x1000;
  AddFile(segments);
  auto placed = Run();
  ASSERT_TRUE(placed.ok()) << placed.status();
  ExpectContents(*placed, kFirst);
  const auto image = FinishImage(*std::move(placed), nullptr);
  ASSERT_TRUE(image.ok()) << image.status();
  EXPECT_THAT(
      backend_.calls(),
      ElementsAre("reserve 0x6000 align 0x1000 --- -> 0x100000",
                  "map-file 0x100000+0x2000 offset 0x0 rw-",
                  "map-zero 0x102000+0x1000",
                  "map-file 0x104000+0x1000 offset 0x4000 rw-",
                  "map-zero 0x105000+0x1000", "protect 0x100000+0x3000 r--",
                  "protect 0x104000+0x2000 r-x"));
}

TEST_F(Segments, OfZerosAloneTakeNothingOfTheFile) {
  AddFile({MakeSegment(0, 0, 0x1000), MakeData(0x1800, 0x1800, 0, 0x1000)});
  const auto placed = Run();
  ASSERT_TRUE(placed.ok()) << placed.status();
  EXPECT_THAT(CallsSince(1),
              ElementsAre("map-file 0x100000+0x1000 offset 0x0 r--",
                          "map-zero 0x101000+0x2000"));
  ExpectContents(*placed, kFirst);
}

TEST_F(Segments, ThatTouchAreMappedApartIfTheFileHasThemApart) {
  AddFile({MakeSegment(0, 0, 0x1000), MakeSegment(0x1000, 0x3000, 0x1000),
           MakeSegment(0x2000, 0x4000, 0x1000)});
  const auto placed = Run();
  ASSERT_TRUE(placed.ok()) << placed.status();
  EXPECT_THAT(CallsSince(1),
              ElementsAre("map-file 0x100000+0x1000 offset 0x0 r--",
                          "map-file 0x101000+0x2000 offset 0x3000 r--"));
  ExpectContents(*placed, kFirst);
}

TEST_F(Segments, WithTextRelocationsAreWritableUntilTheEnd) {
  AddFile(TypicalSegments()).dynamic.flags = elf::kDfTextrel;
  auto placed = Run();
  ASSERT_TRUE(placed.ok()) << placed.status();
  EXPECT_TRUE(placed->WritableBytes(kFirst, {LinkAddr(0x2000), 8}).ok());
  const auto image = FinishImage(*std::move(placed), nullptr);
  ASSERT_TRUE(image.ok()) << image.status();
  EXPECT_THAT(
      CallsSince(1),
      ElementsAre("map-file 0x100000+0x2000 offset 0x0 rw-",
                  "map-file 0x102000+0x6000 offset 0x2000 rw-",
                  "map-file 0x108000+0x1000 offset 0x8000 rw-",
                  "map-file 0x10b000+0x2000 offset 0x9000 rw-",
                  "map-zero 0x10d000+0x1000", "protect 0x100000+0x9000 r--",
                  "protect 0x102000+0x6000 r-x"));
}

TEST_F(Segments, ThatRelocationsRewriteArePrefaulted) {
  AddFile({MakeSegment(0, 0, 0x1000), MakeData(0x1000, 0x1000, 0x9000, 8)})
      .dynamic.rela.size = kManyRelocations;
  ASSERT_TRUE(Run().ok());
  EXPECT_THAT(
      CallsSince(1),
      ElementsAre("map-file 0x100000+0x1000 offset 0x0 r--",
                  "map-file 0x101000+0x9000 offset 0x1000 rw-",
                  "prefault 0x101000+0x9000 write", "map-zero 0x10a000+0x1000",
                  "release 0x100000+0xb000"));
}

TEST_F(Segments, OfAFewPagesAreNot) {
  AddFile({MakeSegment(0, 0, 0x1000), MakeData(0x1000, 0x1000, 0x4000)})
      .dynamic.rela.size = kManyRelocations;
  ASSERT_TRUE(Run().ok());
  EXPECT_THAT(CallsSince(2),
              ElementsAre("map-file 0x101000+0x4000 offset 0x1000 rw-",
                          "release 0x100000+0x5000"));
}

TEST_F(Segments, ThatAreLargeAndRewrittenAreCopiedIntoHugePages) {
  AddFile({MakeCode(0, 0, 0x5000), MakeData(0x5010, 0x5010, kHugePage, 0x2000)})
      .dynamic.rela.size = kManyRelocations;
  const auto placed = Run();
  ASSERT_TRUE(placed.ok()) << placed.status();
  ExpectContents(*placed, kFirst);
  EXPECT_EQ(placed->placed(kFirst).At(LinkAddr(0x5000)).value() % kHugePage,
            0u);
  EXPECT_THAT(CallsSince(1),
              ElementsAre("map-file 0x3fb000+0x5000 offset 0x0 r-x",
                          "map-zero 0x400000+0x203000",
                          "huge-pages 0x400000+0x203000"));
  EXPECT_THAT(backend_.misuses(), IsEmpty());
}

}  // namespace
}  // namespace relink
