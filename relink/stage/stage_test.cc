// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// What Stage and FinishImage ask a mapping backend for.

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/arch/target.h"
#include "relink/elf/constants.h"
#include "relink/ir/link_graph.h"
#include "relink/ir/module_source.h"
#include "relink/layout/layout.h"
#include "relink/map/fake_backend.h"
#include "relink/map/posix_backend.h"
#include "relink/map/recycling_backend.h"
#include "relink/stage/placed_graph.h"

namespace relink {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr uint64_t kPage = 4096;

// A file whose bytes are 0xab, at least so large that it is mapped.
std::string FileOf(uint64_t size) {
  const std::string path = absl::StrCat(testing::TempDir(), "/module");
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      << std::string(size, '\xab');
  return path;
}

// Headers, code, constants; a hole of a page; data with 0x900 bytes of zeros
// that begin in its last file page. RELRO is the first page of the data.
std::vector<Segment> Segments() {
  const auto segment = [](uint64_t addr, uint64_t offset, uint64_t size) {
    return Segment{.memory = {LinkAddr(addr), size},
                   .file = {FileOffset(offset), size},
                   .alignment = kPage};
  };
  std::vector<Segment> segments = {
      segment(0, 0, 0x2000), segment(0x2000, 0x2000, 0x5800),
      segment(0x8000, 0x8000, 0x1000), segment(0xb000, 0x9000, 0x1c00)};
  segments[1].executable = true;
  segments[3].writable = true;
  segments[3].memory.size = 0x1c00 + 0x900;
  return segments;
}

class StageOf : public testing::Test {
 protected:
  void AddFile() {
    auto source = ModuleSource::Open(FileOf(0xac00));
    ASSERT_TRUE(source.ok()) << source.status();
    Add(Module(*std::move(source), HostTarget()));
  }
  void AddMemory() {
    Add(Module(ModuleSource::FromMemory(memory_, "memory"), HostTarget()));
  }
  void Add(Module module) {
    module.segments = Segments();
    module.relro = {LinkAddr(0xb000), 0x1000};
    graph_.modules.Add(std::move(module));
    graph_.root_id = ModuleId(0);
  }
  Layout Plan() {
    auto layout = PlanLayout(graph_, {.page_size = backend_.page_size()});
    EXPECT_TRUE(layout.ok()) << layout.status();
    return *std::move(layout);
  }
  absl::StatusOr<PlacedGraph> Run() {
    Layout layout = Plan();
    return Stage(std::move(graph_), std::move(layout), backend_);
  }
  // One more call of each kind than needed would be seen here.
  std::vector<std::string> CallsSince(size_t count) const {
    return {backend_.calls().begin() + static_cast<ptrdiff_t>(count),
            backend_.calls().end()};
  }

  std::vector<std::byte> memory_ =
      std::vector<std::byte>(0xac00, std::byte{0xab});
  FakeBackend backend_;
  LinkGraph graph_;
};

TEST_F(StageOf, AFileMapsItsPagesWithTheFewestCalls) {
  AddFile();
  const auto placed = Run();
  ASSERT_TRUE(placed.ok()) << placed.status();
  EXPECT_THAT(backend_.calls(),
              ElementsAre("reserve 0xe000 align 0x1000 --- -> 0x100000",
                          "map-file 0x100000+0x9000 offset 0x0 r--",
                          "protect 0x102000+0x6000 r-x",
                          "map-file 0x10b000+0x2000 offset 0x9000 rw-",
                          "map-zero 0x10d000+0x1000"));
  EXPECT_THAT(backend_.misuses(), IsEmpty());
}

TEST_F(StageOf, AFileZeroesTheRestOfItsLastPage) {
  AddFile();
  const auto placed = Run();
  ASSERT_TRUE(placed.ok()) << placed.status();
  const auto bytes = placed->placed(ModuleId(0)).Bytes({LinkAddr(0xcbff), 2});
  EXPECT_EQ(bytes[0], std::byte{0xab});
  EXPECT_EQ(bytes[1], std::byte{0});
  EXPECT_EQ(placed->placed(ModuleId(0)).bias(), 0x100000u);
}

TEST_F(StageOf, AFileIsFinishedByRelroAlone) {
  AddFile();
  auto placed = Run();
  ASSERT_TRUE(placed.ok()) << placed.status();
  const size_t before = backend_.calls().size();
  const auto image = FinishImage(*std::move(placed), nullptr);
  ASSERT_TRUE(image.ok()) << image.status();
  EXPECT_THAT(CallsSince(before), ElementsAre("protect 0x10b000+0x1000 r--"));
}

TEST_F(StageOf, MemoryIsCopiedAndProtectedAtTheEnd) {
  AddMemory();
  auto placed = Run();
  ASSERT_TRUE(placed.ok()) << placed.status();
  EXPECT_THAT(backend_.calls(),
              ElementsAre("reserve 0xe000 align 0x1000 rw- -> 0x100000"));
  const auto image = FinishImage(*std::move(placed), nullptr);
  ASSERT_TRUE(image.ok()) << image.status();
  EXPECT_THAT(CallsSince(1), ElementsAre("protect 0x100000+0x9000 r--",
                                         "protect 0x102000+0x6000 r-x",
                                         "protect 0x109000+0x2000 ---",
                                         "protect 0x10b000+0x1000 r--"));
  EXPECT_THAT(backend_.misuses(), IsEmpty());
}

TEST_F(StageOf, IfuncsKeepsRelroWritableUntilTheyAreResolved) {
  AddMemory();
  auto placed = Run();
  ASSERT_TRUE(placed.ok()) << placed.status();
  bool resolved = false;
  const auto resolve = [&]() -> absl::Status {
    resolved = true;
    EXPECT_EQ(backend_.ProtectionAt(RuntimeAddr(0x102000)),
              Protection::kReadExecute);
    EXPECT_EQ(backend_.ProtectionAt(RuntimeAddr(0x10b000)),
              Protection::kReadWrite);
    return absl::OkStatus();
  };
  const ResolveStep step = resolve;
  const auto image = FinishImage(*std::move(placed), &step);
  ASSERT_TRUE(image.ok()) << image.status();
  EXPECT_TRUE(resolved);
  EXPECT_EQ(backend_.ProtectionAt(RuntimeAddr(0x10b000)), Protection::kRead);
}

TEST_F(StageOf, IfuncsThatFailGivesEverythingBack) {
  AddMemory();
  auto placed = Run();
  ASSERT_TRUE(placed.ok()) << placed.status();
  const auto resolve = [] { return absl::InternalError("no such processor"); };
  const ResolveStep step = resolve;
  EXPECT_EQ(FinishImage(*std::move(placed), &step).status(),
            absl::InternalError("no such processor"));
  EXPECT_EQ(backend_.live_reservations(), 0u);
}

TEST_F(StageOf, AModuleWithTextRelocationsIsWritableUntilTheEnd) {
  AddFile();
  graph_.modules[ModuleId(0)].dynamic.flags = elf::kDfTextrel;
  auto placed = Run();
  ASSERT_TRUE(placed.ok()) << placed.status();
  EXPECT_EQ(backend_.ProtectionAt(RuntimeAddr(0x102000)),
            Protection::kReadWrite);
  EXPECT_TRUE(placed->WritableBytes(ModuleId(0), {LinkAddr(0x2000), 8}).ok());
  const auto image = FinishImage(*std::move(placed), nullptr);
  ASSERT_TRUE(image.ok()) << image.status();
  EXPECT_EQ(backend_.ProtectionAt(RuntimeAddr(0x102000)),
            Protection::kReadExecute);
}

TEST_F(StageOf, AFailingBackendLeavesNothingReserved) {
  for (const bool in_memory : {false, true}) {
    for (uint64_t call = 1;; ++call) {
      ASSERT_LT(call, 20u);
      graph_ = LinkGraph();
      in_memory ? AddMemory() : AddFile();
      backend_.FailAtCall(call);
      auto placed = Run();
      absl::Status status = placed.status();
      if (placed.ok())
        status = FinishImage(*std::move(placed), nullptr).status();
      backend_.FailAtCall(0);
      placed = absl::CancelledError();
      EXPECT_EQ(backend_.live_reservations(), 0u) << call;
      if (status.ok()) break;
      EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
    }
  }
  EXPECT_THAT(backend_.misuses(), IsEmpty());
}

TEST_F(StageOf, AnImageIsRetiredIfNothingNeedsItsAddressesAgain) {
  for (const bool fixed : {false, true}) {
    PosixBackend posix;
    RecyclingBackend recycling(posix);
    graph_ = LinkGraph();
    AddMemory();
    Module& module = graph_.modules[ModuleId(0)];
    module.position_independent = !fixed;
    for (Segment& segment : module.segments) {
      segment.memory.begin = segment.memory.begin + 0x61000000;
    }
    module.relro = {};
    Layout layout = Plan();
    auto placed = Stage(std::move(graph_), std::move(layout), recycling);
    ASSERT_TRUE(placed.ok()) << placed.status();
    auto image = FinishImage(*std::move(placed), nullptr);
    ASSERT_TRUE(image.ok()) << image.status();
    image->Retire();
    image = absl::CancelledError();
    EXPECT_EQ(recycling.kept_bytes() != 0, !fixed);
  }
}

}  // namespace
}  // namespace relink
