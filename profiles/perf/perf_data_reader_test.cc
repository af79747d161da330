// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/perf/perf_data_reader.h"

#include <bit>
#include <fstream>
#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "profiles/print_profile.h"
#include "profiles/testing/perf_data_builder.h"

namespace relink::profiles {
namespace {

using testing::HasSubstr;
using Builder = PerfDataBuilder<std::endian::little>;

absl::StatusOr<Profile> Read(const std::string& bytes,
                             const std::string& event = "") {
  return ReadPerfData(ByteStream("r", std::make_unique<MemorySource>(ByteView(
                                          bytes.data(), bytes.size()))),
                      {.event = event});
}

std::string Text(const std::string& bytes, const std::string& event = "") {
  const auto profile = Read(bytes, event);
  return profile.ok() ? PrintProfile(*profile)
                      : std::string(profile.status().message());
}

template <std::endian kOrder>
PerfDataBuilder<kOrder> Typical() {
  PerfDataBuilder<kOrder> b;
  b.Mmap({.pid = 1,
          .begin = 0x10000,
          .size = 0x1000,
          .file_offset = 0x2000,
          .name = "/bin/a"});
  b.Mmap({.pid = 1,
          .begin = 0x20000,
          .size = 0x1000,
          .name = "/lib/b",
          .build_id = std::string(20, 'b')});
  b.Sample({.pid = 1,
            .ip = 0x20010,
            .time = 10,
            .period = 5,
            .callchain = {kPerfContextUser, 0x20010, 0x10101, 0x10201}});
  b.Sample({.pid = 1, .ip = 0xffff0000, .time = 11, .mode = CpuMode::kKernel});
  b.Sample({.pid = 1, .ip = 0x30000, .time = 12});
  b.Lost(7, 13);
  b.BuildId("/bin/a", std::string(20, 'a'));
  return b;
}

constexpr char kTypicalText[] =
    "source perf.data cpu-clock period=1000 samples=3 weight=7\n"
    "module /bin/a build-id=6161616161616161616161616161616161616161\n"
    "module /lib/b build-id=6262626262626262626262626262626262626262\n"
    "  file+0x10 samples=1 weight=5\n"
    "call /bin/a file+0x2100 -> /lib/b file+0x10 samples=1 weight=5\n"
    "outer-call /bin/a file+0x2200 -> /bin/a file+0x2100 samples=1 weight=5\n"
    "not attributed: kernel samples=1 weight=1\n"
    "not attributed: unknown samples=1 weight=1\n"
    "not attributed: lost samples=7 weight=0\n";

TEST(ReadPerfData, ReadsAllWaysToWriteARecordingAlike) {
  const auto little = Typical<std::endian::little>();
  const auto big = Typical<std::endian::big>();
  for (const std::string& bytes :
       {little.File(), little.CompressedFile(), little.Pipe(), big.File(),
        big.CompressedFile(), big.Pipe()}) {
    EXPECT_EQ(Text(bytes), kTypicalText);
  }
}

TEST(ReadPerfData, TakesWhatARecorderWroteThatWasKilled) {
  std::string bytes = Typical<std::endian::little>().File();
  const uint64_t size = bytes.size();
  std::fill_n(bytes.begin() + 48, 8, '\0');  // data.size
  const std::string cut = bytes.substr(0, size - 130);
  EXPECT_THAT(Text(cut), HasSubstr("file+0x10 samples=1 weight=5"));
}

// Samples of one processor stand before the mapping that another one made.
TEST(ReadPerfData, PutsRecordsOfARoundIntoTheOrderOfTime) {
  Builder b;
  b.Sample({.pid = 1, .ip = 0x10000, .time = 20});
  b.Mmap({.pid = 1,
          .begin = 0x10000,
          .size = 0x1000,
          .name = "/bin/a",
          .time = 15});
  b.Sample({.pid = 1, .ip = 0x10000, .time = 10});
  b.FinishRound();
  EXPECT_EQ(Text(b.File()),
            "source perf.data cpu-clock period=1000 samples=2 weight=2\n"
            "module /bin/a\n"
            "  file+0x0 samples=1 weight=1\n"
            "not attributed: unknown samples=1 weight=1\n");
}

TEST(ReadPerfData, WaitsForTheNextRoundBeforeItLetsOneGo) {
  Builder b;
  b.Sample({.pid = 1, .ip = 0x10000, .time = 20});
  b.FinishRound();
  b.Mmap({.pid = 1,
          .begin = 0x10000,
          .size = 0x1000,
          .name = "/bin/a",
          .time = 15});
  b.FinishRound();
  b.FinishRound();
  EXPECT_THAT(Text(b.File()), HasSubstr("file+0x0 samples=1"));
}

TEST(ReadPerfData, FollowsProcesses) {
  Builder b;
  b.Mmap({.pid = 1, .begin = 0x10000, .size = 0x1000, .name = "/bin/a"});
  b.Fork(2, 1, 10);
  b.Sample({.pid = 2, .ip = 0x10001, .time = 11});  // What its parent has.
  b.Exec(2, 12);
  b.Sample({.pid = 2, .ip = 0x10002, .time = 13});  // Not any more.
  b.Mmap({.pid = 2,
          .begin = 0x10000,
          .size = 0x1000,
          .name = "/bin/b",
          .time = 14});
  b.Sample({.pid = 2, .ip = 0x10003, .time = 15});
  b.Sample({.pid = 1, .ip = 0x10004, .time = 16});
  EXPECT_EQ(Text(b.File()),
            "source perf.data cpu-clock period=1000 samples=4 weight=4\n"
            "module /bin/a\n"
            "  file+0x1 samples=1 weight=1\n"
            "  file+0x4 samples=1 weight=1\n"
            "module /bin/b\n"
            "  file+0x3 samples=1 weight=1\n"
            "not attributed: unknown samples=1 weight=1\n");
}

TEST(ReadPerfData, PutsNewMappingsOverOldOnes) {
  Builder b;
  b.Mmap({.pid = 1, .begin = 0x10000, .size = 0x3000, .name = "/bin/a"});
  b.Mmap({.pid = 1, .begin = 0x11000, .size = 0x1000, .name = "/bin/b"});
  for (const uint64_t ip : {0x10000, 0x11000, 0x12000}) {
    b.Sample({.pid = 1, .ip = ip, .time = 1});
  }
  EXPECT_THAT(Text(b.File()), HasSubstr("module /bin/a\n"
                                        "  file+0x0 samples=1 weight=1\n"
                                        "  file+0x2000 samples=1 weight=1\n"
                                        "module /bin/b\n"
                                        "  file+0x0 samples=1 weight=1\n"));
}

TEST(ReadPerfData, SaysWhatSamplesWithoutAFileAre) {
  Builder b;
  uint64_t begin = 0x10000;
  for (const char* name : {"[vdso]", "//anon", "[heap]", "[something]"}) {
    b.Mmap({.pid = 1, .begin = begin, .size = 0x1000, .name = name});
    b.Sample({.pid = 1, .ip = begin, .time = 1});
    begin += 0x1000;
  }
  b.Sample({.mode = CpuMode::kHypervisor});
  b.Sample({.mode = CpuMode::kGuestUser});
  EXPECT_THAT(Text(b.File()),
              HasSubstr("not attributed: hypervisor samples=1 weight=1\n"
                        "not attributed: guest samples=1 weight=1\n"
                        "not attributed: vdso samples=1 weight=1\n"
                        "not attributed: anonymous memory samples=2 weight=2\n"
                        "not attributed: unknown samples=1 weight=1\n"));
}

TEST(ReadPerfData, CountsOneEventOfSeveral) {
  Builder b(Builder::kSampleType, 2);
  b.Mmap({.pid = 1, .begin = 0x10000, .size = 0x1000, .name = "/bin/a"});
  b.Sample({.pid = 1, .ip = 0x10001, .time = 1, .event = 0});
  b.Sample({.pid = 1, .ip = 0x10002, .time = 2, .event = 1});
  EXPECT_THAT(Text(b.File()), HasSubstr("cpu-clock"));
  EXPECT_THAT(Text(b.File()), HasSubstr("file+0x1 samples=1"));
  for (const char* event : {"task-clock", "1"}) {
    EXPECT_THAT(Text(b.File(), event), HasSubstr("file+0x2 samples=1"));
    EXPECT_THAT(Text(b.File(), event),
                HasSubstr("other events samples=1 weight=1"));
  }
  EXPECT_EQ(Text(b.File(), "task-clok"),
            "r: no event task-clok; did you mean task-clock? (at 0x210)");
}

TEST(ReadPerfData, ReadsTakenBranchesAndWhatRanBetweenThem) {
  Builder b(Builder::kSampleType | kPerfSampleBranchStack);
  b.Mmap({.pid = 1, .begin = 0x10000, .size = 0x1000, .name = "/bin/a"});
  b.Sample({.pid = 1,
            .ip = 0x10040,
            .time = 1,
            .branches = {{0x10028, 0x10040}, {0x10010, 0x10020}}});
  EXPECT_THAT(
      Text(b.File()),
      HasSubstr(
          "branch /bin/a file+0x10 -> /bin/a file+0x20 samples=1 weight=1\n"
          "branch /bin/a file+0x28 -> /bin/a file+0x40 samples=1 weight=1\n"
          "run /bin/a file+0x20 -> /bin/a file+0x28 samples=1 weight=1\n"));
}

TEST(ReadPerfData, CountsBranchesByFileWhateverProcessTookThem) {
  Builder b(Builder::kSampleType | kPerfSampleBranchStack);
  b.Mmap({.pid = 1, .begin = 0x10000, .size = 0x1000, .name = "/bin/a"});
  b.Mmap({.pid = 1, .begin = 0x20000, .size = 0x1000, .name = "/lib/b"});
  b.Mmap({.pid = 2, .begin = 0x50000, .size = 0x1000, .name = "/bin/a"});
  b.Sample({.pid = 1,
            .time = 1,
            .branches = {{0x10028, 0x10040}, {0x10010, 0x10020}}});
  b.Sample({.pid = 2,
            .time = 2,
            .branches = {{0x50028, 0x50040}, {0x50010, 0x50020}}});
  // Into a library and back.
  b.Sample({.pid = 1,
            .time = 3,
            .branches = {
                {0x10028, 0x20000}, {0x10010, 0x10020}, {0x20008, 0x10004}}});
  EXPECT_THAT(
      Text(b.File()),
      HasSubstr(
          "branch /bin/a file+0x10 -> /bin/a file+0x20 samples=3 weight=3\n"
          "branch /bin/a file+0x28 -> /bin/a file+0x40 samples=2 weight=2\n"
          "branch /bin/a file+0x28 -> /lib/b file+0x0 samples=1 weight=1\n"
          "branch /lib/b file+0x8 -> /bin/a file+0x4 samples=1 weight=1\n"
          "run /bin/a file+0x4 -> /bin/a file+0x10 samples=1 weight=1\n"
          "run /bin/a file+0x20 -> /bin/a file+0x28 samples=3 weight=3\n"));
}

TEST(ReadPerfData, SaysWhereARecordingIsCutOff) {
  const auto b = Typical<std::endian::little>();
  const std::string file = b.File();
  for (size_t size = 0; size < file.size(); ++size) {
    EXPECT_FALSE(Read(file.substr(0, size)).ok()) << size;
  }
  EXPECT_EQ(Text(file.substr(0, 300)), "r: ends in a record (at 0xd0)");
  const std::string pipe = b.Pipe();
  EXPECT_EQ(Text(pipe.substr(0, pipe.size() - 3)),
            "r: ends in a record (at 0x234)");
}

TEST(ReadPerfData, RefusesRecordsThatCannotBe) {
  Builder b;
  b.Record(kPerfRecordSample, 2, "12345678");
  EXPECT_EQ(Text(b.File()), "r: sample: runs past the end (at 0x8) (at 0xd0)");
  Builder bomb;
  bomb.Record(kPerfRecordCompressed, 0, "no zstd data");
  EXPECT_THAT(Text(bomb.File()), HasSubstr("r: damaged zstd data"));
}

// A relinked process, its child, and another program of the same number.
std::string MovedRecording() {
  const std::string id(20, 'a');
  Builder b;
  b.Mmap({.pid = 7,
          .begin = 0x10000,
          .size = 0x1000,
          .name = "/bin/a",
          .build_id = id,
          .time = 1});
  b.Mmap({.pid = 7,
          .begin = 0x50000,
          .size = 0x1000,
          .name = "//anon",
          .time = 2});
  b.Sample({.pid = 7,
            .ip = 0x50010,
            .time = 3,
            .callchain = {kPerfContextUser, 0x50010, 0x50021, 0x10101}});
  b.Sample({.pid = 7, .ip = 0x50800, .time = 4});
  b.Fork(8, 7, 5);
  b.Sample({.pid = 8, .ip = 0x50010, .time = 6});
  b.Exec(8, 7);
  b.Mmap({.pid = 8,
          .begin = 0x50000,
          .size = 0x1000,
          .name = "//anon",
          .time = 8});
  b.Sample({.pid = 8, .ip = 0x50010, .time = 9});
  return b.File();
}

TEST(ReadPerfData, CountsWhatMovedWhereItCameFrom) {
  const std::string folder = testing::TempDir();
  std::ofstream(folder + "/relink-7.map")
      << "50000 100 400 6161616161616161616161616161616161616161 /bin/a\n";
  const std::string bytes = MovedRecording();
  const auto text = [&bytes](const std::string& moved) {
    const auto profile =
        ReadPerfData(ByteStream("r", std::make_unique<MemorySource>(
                                         ByteView(bytes.data(), bytes.size()))),
                     {.moved = moved});
    return profile.ok() ? PrintProfile(*profile)
                        : std::string(profile.status().message());
  };
  EXPECT_EQ(text(folder),
            "source perf.data cpu-clock period=1000 samples=4 weight=4\n"
            "module /bin/a build-id=6161616161616161616161616161616161616161\n"
            "  file+0x410 samples=2 weight=2\n"
            "call /bin/a file+0x420 -> /bin/a file+0x410 samples=1 weight=1\n"
            "outer-call /bin/a file+0x100 -> /bin/a file+0x420 samples=1 "
            "weight=1\n"
            "not attributed: anonymous memory samples=2 weight=2\n");
  EXPECT_THAT(text(""), HasSubstr("anonymous memory samples=4"));
}

}  // namespace
}  // namespace relink::profiles
