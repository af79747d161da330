// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// What pages allow in the end, and on the way there.

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/ir/link_graph.h"
#include "relink/layout/layout.h"
#include "relink/map/fake_backend.h"
#include "relink/map/posix_backend.h"
#include "relink/map/recycling_backend.h"
#include "relink/stage/placed_graph.h"
#include "relink/stage/stage_fixture.h"

namespace relink {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class FinishImageOf : public StageFixture {
 protected:
  // The calls that finishing makes.
  std::vector<std::string> Finish(const ResolveStep* resolve = nullptr) {
    auto placed = Run();
    EXPECT_TRUE(placed.ok()) << placed.status();
    if (!placed.ok()) return {};
    const size_t before = backend_.calls().size();
    const auto image = FinishImage(*std::move(placed), resolve);
    EXPECT_TRUE(image.ok()) << image.status();
    EXPECT_THAT(backend_.misuses(), IsEmpty());
    return CallsSince(before);
  }
  // Those of a file whose data is 0x10b000+0x3000, for its RELRO.
  std::vector<std::string> FinishRelro(uint64_t addr, uint64_t size) {
    backend_ = FakeBackend();
    AddFile(TypicalSegments()).relro = {LinkAddr(addr), size};
    return Finish();
  }
  Protection ProtectionOf(uint64_t addr) {
    return backend_.ProtectionAt(RuntimeAddr(addr)).value();
  }
};

TEST_F(FinishImageOf, AFileProtectsRelroAlone) {
  EXPECT_THAT(FinishRelro(0xb000, 0x1000),
              ElementsAre("protect 0x10b000+0x1000 r--"));
}

TEST_F(FinishImageOf, AFileWithoutRelroHasNothingToDo) {
  AddFile(TypicalSegments());
  EXPECT_THAT(Finish(), IsEmpty());
}

TEST_F(FinishImageOf, RelroProtectsNoPageThatSomethingElseUses) {
  // From inside its first page, and not its last page.
  EXPECT_THAT(FinishRelro(0xb010, 0x1ff0),
              ElementsAre("protect 0x10b000+0x2000 r--"));
  EXPECT_THAT(FinishRelro(0xb010, 0x1fef),
              ElementsAre("protect 0x10b000+0x1000 r--"));
  EXPECT_THAT(FinishRelro(0xb000, 0xfff), IsEmpty());
  // Not past its segment.
  EXPECT_THAT(FinishRelro(0xc000, 0x100000),
              ElementsAre("protect 0x10c000+0x2000 r--"));
}

TEST_F(FinishImageOf, RelroIsInWholeLargePages) {
  backend_ = FakeBackend({.page_size = 0x10000});
  AddFile(
      {MakeSegment(0, 0, 0x1000), MakeData(0x12000, 0x2000, 0x8000, 0x9000)})
      .relro = {LinkAddr(0x12000), 0x4000};
  EXPECT_THAT(Finish(), IsEmpty());
  AddFile(
      {MakeSegment(0, 0, 0x1000), MakeData(0x12000, 0x2000, 0x8000, 0x9000)})
      .relro = {LinkAddr(0x12000), 0xe000};
  EXPECT_THAT(Finish(), ElementsAre("protect 0x110000+0x10000 r--"));
}

TEST_F(FinishImageOf, MemoryProtectsEverything) {
  AddMemory(TypicalSegments()).relro = {LinkAddr(0xb000), 0x1000};
  EXPECT_THAT(Finish(), ElementsAre("protect 0x100000+0x9000 r--",
                                    "protect 0x102000+0x6000 r-x",
                                    "protect 0x109000+0x2000 ---",
                                    "protect 0x10b000+0x1000 r--"));
}

TEST_F(FinishImageOf, MemoryProtectsRelroWithTheConstantsBeforeIt) {
  AddMemory({MakeCode(0, 0, 0x1000), MakeSegment(0x1000, 0x1000, 0x1000),
             MakeData(0x2000, 0x2000, 0x2000)})
      .relro = {LinkAddr(0x2000), 0x1000};
  EXPECT_THAT(Finish(), ElementsAre("protect 0x100000+0x3000 r--",
                                    "protect 0x100000+0x1000 r-x"));
}

TEST_F(FinishImageOf, MemoryNeverProtectsItsNeighbours) {
  AddMemory({MakeData(0, 0, 0x1000)});
  AddMemory({MakeCode(0, 0, 0x1000)});
  AddFile({MakeData(0, 0, 0x1000)});
  EXPECT_THAT(Finish(), ElementsAre("protect 0x101000+0x1000 r-x"));
}

TEST_F(FinishImageOf, IfuncsFindTheirCodeExecutableAndRelroWritable) {
  for (const bool in_memory : {false, true}) {
    backend_ = FakeBackend();
    Module& module =
        in_memory ? AddMemory(TypicalSegments()) : AddFile(TypicalSegments());
    module.relro = {LinkAddr(0xb000), 0x1000};
    auto placed = Run();
    ASSERT_TRUE(placed.ok()) << placed.status();
    int resolved = 0;
    const auto resolve = [&]() -> absl::Status {
      ++resolved;
      EXPECT_EQ(ProtectionOf(0x102000), Protection::kReadExecute);
      EXPECT_EQ(ProtectionOf(0x108000), Protection::kRead);
      EXPECT_EQ(ProtectionOf(0x10b000), Protection::kReadWrite);
      return absl::OkStatus();
    };
    const ResolveStep step = resolve;
    const auto image = FinishImage(*std::move(placed), &step);
    ASSERT_TRUE(image.ok()) << image.status();
    EXPECT_EQ(resolved, 1);
    EXPECT_EQ(ProtectionOf(0x10b000), Protection::kRead);
    EXPECT_EQ(ProtectionOf(0x10c000), Protection::kReadWrite);
  }
}

TEST_F(FinishImageOf, IfuncsThatFailGivesEverythingBack) {
  AddMemory(TypicalSegments());
  auto placed = Run();
  ASSERT_TRUE(placed.ok()) << placed.status();
  const auto resolve = [] { return absl::InternalError("no such processor"); };
  const ResolveStep step = resolve;
  EXPECT_EQ(FinishImage(*std::move(placed), &step).status(),
            absl::InternalError("no such processor"));
  EXPECT_EQ(backend_.live_reservations(), 0u);
}

// Each module's code goes from writable to executable, never back.
TEST_F(FinishImageOf, ManyModulesNeverMakesCodeWritableAgain) {
  for (int i = 0; i < 2; ++i) {
    AddMemory(TypicalSegments()).relro = {LinkAddr(0xb000), 0x1000};
    AddFile(TypicalSegments()).relro = {LinkAddr(0xb000), 0x1000};
  }
  bool executable = false;
  for (const std::string& call : Finish()) {
    if (call.ends_with("r-x")) executable = true;
    EXPECT_FALSE(call.ends_with("rw-")) << call;
  }
  EXPECT_TRUE(executable);
}

TEST_F(FinishImageOf, AnImageIsReleasedWithItAndNotBefore) {
  AddMemory(TypicalSegments());
  auto placed = Run();
  ASSERT_TRUE(placed.ok()) << placed.status();
  auto image = FinishImage(*std::move(placed), nullptr);
  ASSERT_TRUE(image.ok()) << image.status();
  EXPECT_EQ(backend_.live_reservations(), 1u);
  image = absl::CancelledError();
  EXPECT_EQ(backend_.calls().back(), "release 0x100000+0xe000");
  EXPECT_EQ(backend_.live_reservations(), 0u);
}

// What a backend is told to keep of an image that served to its end.
class RetiredImage : public StageFixture {
 protected:
  // Bytes kept of the staged modules.
  uint64_t Kept() {
    PosixBackend posix;
    RecyclingBackend recycling(posix);
    auto layout = PlanLayout(graph_, {.page_size = posix.page_size()});
    EXPECT_TRUE(layout.ok()) << layout.status();
    auto placed =
        Stage(std::exchange(graph_, {}), *std::move(layout), recycling);
    EXPECT_TRUE(placed.ok()) << placed.status();
    auto image = FinishImage(*std::move(placed), nullptr);
    EXPECT_TRUE(image.ok()) << image.status();
    image->Retire();
    EXPECT_EQ(recycling.kept_bytes(), 0u);
    image = absl::CancelledError();
    return recycling.kept_bytes();
  }
};

TEST_F(RetiredImage, OfCopiesIsKept) {
  AddMemory(TypicalSegments());
  EXPECT_NE(Kept(), 0u);
}

TEST_F(RetiredImage, AtAFixedAddressIsNotKept) {
  std::vector<Segment> segments = TypicalSegments();
  for (Segment& segment : segments) {
    segment.memory.begin = segment.memory.begin + 0x61000000;
  }
  AddMemory(segments).position_independent = false;
  EXPECT_EQ(Kept(), 0u);
}

TEST_F(RetiredImage, WithPagesOfAFileIsNotKept) {
  AddMemory(TypicalSegments());
  AddFile(TypicalSegments());
  EXPECT_EQ(Kept(), 0u);
}

}  // namespace
}  // namespace relink
