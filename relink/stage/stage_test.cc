// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// How modules come into memory, and how they do not.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/elf/constants.h"
#include "relink/ir/link_graph.h"
#include "relink/map/fake_backend.h"
#include "relink/stage/placed_graph.h"
#include "relink/stage/stage_fixture.h"

namespace relink {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;

constexpr ModuleId kFirst{0};
constexpr ModuleId kSecond{1};

// A program of two segments at a fixed address.
std::vector<Segment> ProgramSegments() {
  return {MakeCode(0x400000, 0, 0x1000), MakeData(0x401000, 0x1000, 0x1000)};
}

class StageOf : public StageFixture {};

TEST_F(StageOf, AFileMapsItsPagesWithTheFewestCalls) {
  AddFile(TypicalSegments());
  const auto placed = Run();
  ASSERT_TRUE(placed.ok()) << placed.status();
  EXPECT_THAT(backend_.calls(),
              ElementsAre("reserve 0xe000 align 0x1000 --- -> 0x100000",
                          "map-file 0x100000+0x9000 offset 0x0 r--",
                          "protect 0x102000+0x6000 r-x",
                          "map-file 0x10b000+0x2000 offset 0x9000 rw-",
                          "map-zero 0x10d000+0x1000"));
  EXPECT_THAT(backend_.misuses(), IsEmpty());
  EXPECT_EQ(placed->placed(kFirst).bias(), 0x100000u);
  ExpectContents(*placed, kFirst);
  // The mapped page had more of the file.
  EXPECT_EQ(placed->placed(kFirst).Bytes({LinkAddr(0xcfff), 1})[0],
            std::byte{0});
}

TEST_F(StageOf, MemoryIsCopied) {
  AddMemory(TypicalSegments());
  const auto placed = Run();
  ASSERT_TRUE(placed.ok()) << placed.status();
  EXPECT_THAT(backend_.calls(),
              ElementsAre("reserve 0xe000 align 0x1000 rw- -> 0x100000"));
  ExpectContents(*placed, kFirst);
}

TEST_F(StageOf, AFileAndMemoryShareAReservation) {
  AddFile({MakeSegment(0, 0, 0x1000)});
  AddMemory({MakeData(0x1000, 0x1000, 0x1000), MakeCode(0x3000, 0x3000, 8)});
  const auto placed = Run();
  ASSERT_TRUE(placed.ok()) << placed.status();
  EXPECT_THAT(backend_.calls(),
              ElementsAre("reserve 0x4000 align 0x1000 --- -> 0x100000",
                          "map-file 0x100000+0x1000 offset 0x0 r--",
                          "map-zero 0x101000+0x3000"));
  EXPECT_EQ(placed->placed(kFirst).bias(), 0x100000u);
  EXPECT_EQ(placed->placed(kSecond).bias(), 0x100000u);
  EXPECT_EQ(placed->placed(kSecond).At(LinkAddr(0x3000)).value(), 0x103000u);
  ExpectContents(*placed, kFirst);
  ExpectContents(*placed, kSecond);
}

TEST_F(StageOf, AProgramIsPlacedWhereItAsks) {
  AddFile(ProgramSegments()).position_independent = false;
  AddMemory({MakeSegment(0, 0, 0x1000)});
  const auto placed = Run();
  ASSERT_TRUE(placed.ok()) << placed.status();
  EXPECT_THAT(
      backend_.calls(),
      ElementsAre("reserve 0x2000 align 0x1000 fixed 0x400000 --- -> 0x400000",
                  "reserve 0x1000 align 0x1000 rw- -> 0x100000",
                  "map-file 0x400000+0x1000 offset 0x0 r-x",
                  "map-file 0x401000+0x1000 offset 0x1000 rw-"));
  EXPECT_EQ(placed->placed(kFirst).bias(), 0u);
  EXPECT_EQ(placed->placed(kSecond).bias(), 0x100000u);
}

TEST_F(StageOf, AProgramWhoseAddressIsTakenIsRefused) {
  const MappingBackend::Request taken{.size = 0x1000,
                                      .alignment = 0x1000,
                                      .address = RuntimeAddr(0x401000),
                                      .fixed = true};
  ASSERT_TRUE(backend_.Reserve(taken).ok());
  AddMemory({MakeSegment(0, 0, 0x1000)});
  AddFile(ProgramSegments()).position_independent = false;
  const absl::Status status = Run().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("reserving 0x2000 bytes: fixed address is taken (at "
                        "0x400000)"));
  EXPECT_EQ(backend_.live_reservations(), 1u);
}

TEST_F(StageOf, AHintIsPassedOn) {
  AddMemory({MakeSegment(0, 0, 0x1000)});
  ASSERT_TRUE(Run(RuntimeAddr(0x700000)).ok());
  EXPECT_EQ(backend_.calls()[0],
            "reserve 0x1000 align 0x1000 near 0x700000 rw- -> 0x700000");
}

TEST_F(StageOf, MoreMemoryThanThereIsIsRefused) {
  AddMemory({MakeData(0, 0, 0x1000, uint64_t{1} << 47)});
  const absl::Status status = Run().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("memory: reserving 0x800000001000 bytes: "));
}

TEST_F(StageOf, AFileThatBecameShorterIsNamedOnce) {
  // So large that it was not read at once; no page of it can be mapped.
  AddFile({MakeSegment(0, 8, 0x18000)});
  std::filesystem::resize_file(path_, 0x5000);
  EXPECT_EQ(
      Run().status(),
      absl::OutOfRangeError(path_ + ": file became shorter while it was read"));
  EXPECT_EQ(backend_.live_reservations(), 0u);
}

TEST_F(StageOf, AFileClosesIt) {
  AddFile(TypicalSegments());
  const auto placed = Run();
  ASSERT_TRUE(placed.ok()) << placed.status();
  EXPECT_EQ(placed->module(kFirst).source.file().value, -1);
}

TEST_F(StageOf, AFileLetsOnlyItsDataBeWritten) {
  AddFile(TypicalSegments());
  auto placed = Run();
  ASSERT_TRUE(placed.ok()) << placed.status();
  const auto data = placed->WritableBytes(kFirst, {LinkAddr(0xd000), 0x500});
  ASSERT_TRUE(data.ok()) << data.status();
  EXPECT_EQ(data->data(), backend_.Bytes(RuntimeAddr(0x10d000)));
  EXPECT_EQ(data->size(), 0x500u);
  EXPECT_EQ(placed->WritableBytes(kFirst, {LinkAddr(0x2000), 8}).status(),
            absl::FailedPreconditionError(
                path_ + ": 8 bytes at 0x2000: not writable now"));
  // Past its end, though on its last page; across segments; in the hole.
  for (const LinkRange range :
       {LinkRange{LinkAddr(0xd4ff), 2}, LinkRange{LinkAddr(0x1fff), 2},
        LinkRange{LinkAddr(0x9000), 1}}) {
    EXPECT_EQ(placed->WritableBytes(kFirst, range).status(),
              absl::OutOfRangeError(absl::StrCat(
                  path_, ": ", range.size, " bytes at 0x",
                  absl::Hex(range.begin.value()), ": not inside one segment")));
  }
}

TEST_F(StageOf, MemoryLetsAllBeWritten) {
  AddMemory(TypicalSegments());
  auto placed = Run();
  ASSERT_TRUE(placed.ok()) << placed.status();
  EXPECT_TRUE(placed->WritableBytes(kFirst, {LinkAddr(0x2000), 8}).ok());
}

// Whatever is staged, and whichever call fails.
TEST_F(StageOf, AnythingLeavesNothingReservedIfItFails) {
  const std::vector<std::function<void()>> modules = {
      [&] {
        AddFile(TypicalSegments()).relro = {LinkAddr(0xb000), 0x1000};
      },
      [&] {
        AddMemory(TypicalSegments()).relro = {LinkAddr(0xb000), 0x1000};
      },
      [&] { AddFile(TypicalSegments()).dynamic.flags = elf::kDfTextrel; },
      [&] {
        AddFile(TypicalSegments());
        AddMemory(TypicalSegments());
        AddFile(ProgramSegments()).position_independent = false;
      }};
  const auto resolve = [] { return absl::OkStatus(); };
  const ResolveStep step = resolve;
  for (size_t i = 0; i < modules.size(); ++i) {
    for (const ResolveStep* then :
         {&step, static_cast<const ResolveStep*>(nullptr)}) {
      bool done = false;
      for (uint64_t call = 1; !done; ++call) {
        ASSERT_LT(call, 30u);
        graph_ = LinkGraph();
        modules[i]();
        backend_.FailAtCall(call);
        absl::Status status;
        {
          auto placed = Run();
          status = placed.ok() ? FinishImage(*std::move(placed), then).status()
                               : placed.status();
        }
        backend_.FailAtCall(0);
        EXPECT_EQ(backend_.live_reservations(), 0u) << i << " " << call;
        done = status.ok();
        if (done) {
          EXPECT_GT(call, 1u);
        } else {
          EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
          EXPECT_THAT(std::string(status.message()),
                      MatchesRegex("(memory|/.*/module): [^:]+.*"));
        }
      }
    }
  }
  EXPECT_THAT(backend_.misuses(), IsEmpty());
}

}  // namespace
}  // namespace relink
