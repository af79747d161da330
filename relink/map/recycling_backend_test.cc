// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/map/recycling_backend.h"

#include <cstdint>
#include <cstring>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "relink/map/fake_backend.h"
#include "relink/map/posix_backend.h"
#include "relink/map/proc_maps.h"
#include "relink/map/reservation.h"

namespace relink {
namespace {

constexpr uint64_t kPage = 4096;

MappingBackend::Request Writable(uint64_t pages) {
  return {.size = pages * kPage,
          .alignment = kPage,
          .initial = Protection::kReadWrite};
}

// What a load does in the end: it was of use.
RuntimeRange ReserveAndRetire(MappingBackend& backend, uint64_t pages) {
  auto made = Reservation::Make(backend, Writable(pages));
  EXPECT_TRUE(made.ok());
  if (!made.ok()) return {};
  made->Retire();
  return made->range();
}

class RecyclingBackendTest : public testing::Test {
 protected:
  FakeBackend fake_;
  RecyclingBackend backend_{fake_};
};

TEST_F(RecyclingBackendTest, ReleasesWhatWasNotRetired) {
  { auto made = Reservation::Make(backend_, Writable(3)); }
  EXPECT_EQ(fake_.live_reservations(), 0u);
  EXPECT_EQ(backend_.kept_bytes(), 0u);
}

TEST_F(RecyclingBackendTest, ServesTheNextReservationFromARetiredOne) {
  const RuntimeRange first = ReserveAndRetire(backend_, 3);
  EXPECT_EQ(backend_.kept_bytes(), 3 * kPage);
  auto second = Reservation::Make(backend_, Writable(2));
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->range().begin, first.begin);
  EXPECT_EQ(second->range().size, 2 * kPage);
  EXPECT_EQ(backend_.kept_bytes(), 0u);
}

TEST_F(RecyclingBackendTest, TakesTheSmallestThatFits) {
  auto large = Reservation::Make(backend_, Writable(8));
  auto small = Reservation::Make(backend_, Writable(2));
  ASSERT_TRUE(large.ok() && small.ok());
  const RuntimeAddr wanted = small->range().begin;
  large->Retire();
  small->Retire();
  *large = Reservation();
  *small = Reservation();
  auto made = Reservation::Make(backend_, Writable(2));
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made->range().begin, wanted);
}

TEST_F(RecyclingBackendTest, KeepsReusedMemoryThatIsOnlyReleased) {
  ReserveAndRetire(backend_, 3);
  { auto made = Reservation::Make(backend_, Writable(3)); }
  EXPECT_EQ(backend_.kept_bytes(), 3 * kPage);
  EXPECT_EQ(fake_.live_reservations(), 1u);
}

TEST_F(RecyclingBackendTest, HandsOutZeros) {
  {
    auto made = Reservation::Make(backend_, Writable(1));
    ASSERT_TRUE(made.ok());
    std::memset(backend_.Bytes(made->range().begin), 0xff, kPage);
    made->Retire();
  }
  auto made = Reservation::Make(backend_, Writable(1));
  ASSERT_TRUE(made.ok());
  const std::byte* bytes = backend_.Bytes(made->range().begin);
  for (uint64_t i = 0; i < kPage; ++i) EXPECT_EQ(bytes[i], std::byte{0}) << i;
}

TEST_F(RecyclingBackendTest, KeepsNoWaitingPageExecutable) {
  RuntimeRange range;
  {
    auto made = Reservation::Make(backend_, Writable(3));
    ASSERT_TRUE(made.ok());
    range = made->range();
    ASSERT_TRUE(
        backend_.Protect({range.begin + kPage, kPage}, Protection::kReadExecute)
            .ok());
    made->Retire();
  }
  for (uint64_t page = 0; page < 3; ++page) {
    EXPECT_EQ(fake_.ProtectionAt(range.begin + page * kPage),
              Protection::kReadWrite);
  }
}

TEST_F(RecyclingBackendTest, LeavesOtherRequestsToTheOtherBackend) {
  const RuntimeRange kept = ReserveAndRetire(backend_, 4);
  MappingBackend::Request address_space = Writable(2);
  address_space.initial = Protection::kNone;
  MappingBackend::Request aligned = Writable(2);
  aligned.alignment = 16 * kPage;
  MappingBackend::Request placed = Writable(2);
  placed.address = RuntimeAddr(0x400000);
  for (const auto& request : {address_space, aligned, placed}) {
    auto made = Reservation::Make(backend_, request);
    ASSERT_TRUE(made.ok());
    EXPECT_FALSE(kept.Contains(made->range()));
  }
}

TEST_F(RecyclingBackendTest, KeepsNoMoreThanItSays) {
  ReserveAndRetire(backend_, RecyclingBackend::kMaxPages + 1);
  EXPECT_EQ(fake_.live_reservations(), 0u);

  std::vector<Reservation> many;
  for (size_t i = 0; i < RecyclingBackend::kSlots + 3; ++i) {
    auto made = Reservation::Make(backend_, Writable(1));
    ASSERT_TRUE(made.ok());
    made->Retire();
    many.push_back(*std::move(made));
  }
  many.clear();
  EXPECT_EQ(fake_.live_reservations(), RecyclingBackend::kSlots);
  EXPECT_EQ(backend_.kept_bytes(), RecyclingBackend::kSlots * kPage);
}

TEST_F(RecyclingBackendTest, DoesNotReuseWhatCannotBeMadeWritable) {
  RuntimeRange lost;
  {
    auto made = Reservation::Make(backend_, Writable(1));
    ASSERT_TRUE(made.ok());
    lost = made->range();
    made->Retire();
    fake_.FailAtCall(1);
  }
  EXPECT_EQ(backend_.kept_bytes(), 0u);
  auto made = Reservation::Make(backend_, Writable(1));
  ASSERT_TRUE(made.ok());
  EXPECT_NE(made->range(), lost);
}

TEST(RecyclingBackend, GivesEverythingBackInTheEnd) {
  FakeBackend fake;
  {
    RecyclingBackend backend(fake);
    ReserveAndRetire(backend, 3);
    EXPECT_EQ(fake.live_reservations(), 1u);
  }
  EXPECT_EQ(fake.live_reservations(), 0u);
  EXPECT_TRUE(fake.misuses().empty());
}

TEST(RecyclingBackend, ChangesProtectionsOfRealPagesAgainAndAgain) {
  PosixBackend posix;
  RecyclingBackend backend(posix);
  const RuntimeAddr begin = ReserveAndRetire(backend, 3).begin;
  for (int round = 0; round < 3; ++round) {
    auto made = Reservation::Make(backend, Writable(3));
    ASSERT_TRUE(made.ok());
    ASSERT_EQ(made->range().begin, begin);
    ASSERT_TRUE(backend.Protect({begin, 3 * kPage}, Protection::kRead).ok());
    ASSERT_TRUE(
        backend.Protect({begin + kPage, kPage}, Protection::kReadExecute).ok());
    EXPECT_EQ(PermissionsAt(begin), "r--p");
    EXPECT_EQ(PermissionsAt(begin + kPage), "r-xp");
    *made = Reservation();
    EXPECT_EQ(PermissionsAt(begin + kPage), "rw-p");
  }
}

TEST(RecyclingBackend, ServesThreadsAtOnceWithDifferentMemory) {
  PosixBackend posix;
  RecyclingBackend backend(posix);
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int id = 0; id < 4; ++id) {
    threads.emplace_back([&, id] {
      for (int round = 0; round < 200; ++round) {
        auto made = Reservation::Make(backend, Writable(2));
        ASSERT_TRUE(made.ok());
        std::byte* bytes = backend.Bytes(made->range().begin);
        std::memset(bytes, id, 2 * kPage);
        std::this_thread::yield();
        EXPECT_EQ(bytes[2 * kPage - 1], static_cast<std::byte>(id));
        made->Retire();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(backend.kept_bytes(), 4 * 2 * kPage);
}

}  // namespace
}  // namespace relink
