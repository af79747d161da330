// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/map/fake_backend.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace relink {
namespace {

constexpr uint64_t kPage = 4096;
constexpr RuntimeRange kFirst{RuntimeAddr(0x100000), kPage};

using Lines = std::vector<std::string>;

TEST(FakeBackend, LogsEachCallAsALine) {
  FakeBackend backend;
  FileHandle file = backend.AddFile({});
  auto range = backend.Reserve({.size = 3 * kPage, .alignment = kPage});
  ASSERT_TRUE(range.ok());
  RuntimeRange second{kFirst.end(), kPage};
  ASSERT_TRUE(backend
                  .MapFile(kFirst, file, FileOffset(2 * kPage),
                           Protection::kReadExecute)
                  .ok());
  ASSERT_TRUE(backend.MapZero(second).ok());
  backend.Prefault(second, /*write=*/true);
  backend.Prefault(kFirst, /*write=*/false);
  backend.UseHugePages(second);
  ASSERT_TRUE(backend.Protect(second, Protection::kRead).ok());
  ASSERT_FALSE(backend
                   .Reserve({.size = kPage,
                             .alignment = kPage,
                             .address = range->begin,
                             .fixed = true,
                             .initial = Protection::kReadWrite})
                   .ok());
  backend.Release(*range);
  EXPECT_EQ(backend.calls(),
            (Lines{"reserve 0x3000 align 0x1000 --- -> 0x100000",
                   "map-file 0x100000+0x1000 offset 0x2000 r-x",
                   "map-zero 0x101000+0x1000", "prefault 0x101000+0x1000 write",
                   "prefault 0x100000+0x1000 read",
                   "huge-pages 0x101000+0x1000", "protect 0x101000+0x1000 r--",
                   "reserve 0x1000 align 0x1000 fixed 0x100000 rw- -> mismatch",
                   "release 0x100000+0x3000"}));
  EXPECT_EQ(backend.misuses(), Lines());
}

TEST(FakeBackend, StartsAtTheBaseWithTheChosenPageSize) {
  FakeBackend backend(
      {.base = RuntimeAddr(0xffff'8000'0000'0000), .page_size = 65536});
  EXPECT_EQ(backend.page_size(), 65536u);
  auto range = backend.Reserve({.size = 65536, .alignment = uint64_t{2} << 20});
  ASSERT_TRUE(range.ok());
  EXPECT_EQ(range->begin, RuntimeAddr(0xffff'8000'0000'0000));
  EXPECT_FALSE(backend.Reserve({.size = kPage, .alignment = kPage}).ok());
  EXPECT_FALSE(backend.runs_here());
}

TEST(FakeBackend, MapsItsOwnFilesAndRealOnesAlikeWithZerosPastTheEnd) {
  std::vector<std::byte> contents(kPage + 100, std::byte{'x'});
  int descriptor = ::memfd_create("test", 0);
  ASSERT_EQ(::write(descriptor, contents.data(), contents.size()),
            static_cast<ssize_t>(contents.size()));
  FakeBackend backend;
  for (FileHandle file : {backend.AddFile(contents), FileHandle{descriptor}}) {
    auto range = backend.Reserve({.size = 3 * kPage, .alignment = kPage});
    ASSERT_TRUE(range.ok());
    RuntimeRange two{range->begin, 2 * kPage};
    RuntimeRange past{two.end(), kPage};
    ASSERT_TRUE(
        backend.MapFile(two, file, FileOffset(kPage), Protection::kRead).ok());
    ASSERT_TRUE(
        backend.MapFile(past, file, FileOffset(9 * kPage), Protection::kRead)
            .ok());
    std::span bytes(backend.Bytes(range->begin), range->size);
    EXPECT_EQ(std::ranges::count(bytes.first(100), std::byte{'x'}), 100);
    EXPECT_EQ(std::ranges::count(bytes.subspan(100), std::byte{0}),
              static_cast<int64_t>(3 * kPage - 100));
  }
  ::close(descriptor);
}

TEST(FakeBackend, RefusesAFileThatIsNone) {
  FakeBackend backend;
  ASSERT_TRUE(backend.Reserve({.size = kPage, .alignment = kPage}).ok());
  auto mapped = backend.MapFile(kFirst, {-1}, FileOffset(0), Protection::kRead);
  ASSERT_FALSE(mapped.ok());
  EXPECT_EQ(mapped.error().os_error, EBADF);
}

TEST(FakeBackend, KnowsTheProtectionOfEachPage) {
  FakeBackend backend;
  auto range = backend.Reserve({.size = 2 * kPage, .alignment = kPage});
  ASSERT_TRUE(range.ok());
  ASSERT_TRUE(backend.MapZero(kFirst).ok());
  EXPECT_EQ(backend.ProtectionAt(kFirst.end() - 1), Protection::kReadWrite);
  EXPECT_EQ(backend.ProtectionAt(kFirst.end()), Protection::kNone);
  EXPECT_EQ(backend.ProtectionAt(range->end()), std::nullopt);
}

TEST(FakeBackend, FailsTheChosenCallAndOnlyThat) {
  FakeBackend backend;
  backend.FailAtCall(2);
  auto range = backend.Reserve({.size = kPage, .alignment = kPage});
  ASSERT_TRUE(range.ok());
  auto zeros = backend.MapZero(*range);
  ASSERT_FALSE(zeros.ok());
  EXPECT_EQ(zeros.error().code, ErrorCode::kExhausted);
  EXPECT_TRUE(backend.MapZero(*range).ok());
  EXPECT_EQ(backend.calls()[1], "map-zero 0x100000+0x1000 -> exhausted");
  EXPECT_EQ(backend.misuses(), Lines());
}

TEST(FakeBackend, ReportsCallsOutsideOfAReservation) {
  FakeBackend backend;
  ASSERT_TRUE(backend.Reserve({.size = kPage, .alignment = kPage}).ok());
  ASSERT_TRUE(backend.Reserve({.size = kPage, .alignment = kPage}).ok());
  RuntimeRange across{kFirst.begin, 2 * kPage};
  auto changed = backend.Protect(across, Protection::kRead);
  ASSERT_FALSE(changed.ok());
  EXPECT_EQ(changed.error().code, ErrorCode::kInternal);
  EXPECT_FALSE(backend.MapZero(across).ok());
  backend.UseHugePages(across);
  EXPECT_EQ(backend.misuses(), (Lines{"protect outside: 0x100000+0x2000",
                                      "map outside: 0x100000+0x2000",
                                      "hint outside: 0x100000+0x2000"}));
  EXPECT_EQ(backend.Bytes(across.end()), nullptr);
}

TEST(FakeBackend, ReportsPagesThatAreMappedTwice) {
  FakeBackend backend;
  ASSERT_TRUE(backend.Reserve({.size = 2 * kPage, .alignment = kPage}).ok());
  ASSERT_TRUE(backend.MapZero(kFirst).ok());
  EXPECT_FALSE(backend.MapZero({kFirst.begin, 2 * kPage}).ok());
  EXPECT_EQ(backend.misuses(), Lines{"mapped twice: 0x100000+0x2000"});
}

TEST(FakeBackend, ReportsReleasesOfWhatIsNotReserved) {
  FakeBackend backend;
  auto range = backend.Reserve({.size = 2 * kPage, .alignment = kPage});
  ASSERT_TRUE(range.ok());
  backend.Release(kFirst);
  EXPECT_EQ(backend.live_reservations(), 1u);
  backend.Release(*range);
  backend.Release(*range);
  EXPECT_EQ(backend.live_reservations(), 0u);
  EXPECT_EQ(backend.misuses(),
            (Lines{"release of what is not reserved: 0x100000+0x1000",
                   "release of what is not reserved: 0x100000+0x2000"}));
}

TEST(FakeBackend, IsExhaustedByWhatDoesNotFit) {
  FakeBackend backend({.size = 4 * kPage});
  for (uint64_t size : {5 * kPage, UINT64_MAX - kPage + 1}) {
    auto range = backend.Reserve({.size = size, .alignment = kPage});
    ASSERT_FALSE(range.ok());
    EXPECT_EQ(range.error().code, ErrorCode::kExhausted);
  }
  EXPECT_FALSE(backend.Reserve({.size = 0, .alignment = kPage}).ok());
}

}  // namespace
}  // namespace relink
