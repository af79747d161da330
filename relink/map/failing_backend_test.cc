// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/map/failing_backend.h"

#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "gtest/gtest.h"
#include "relink/map/fake_backend.h"
#include "relink/map/posix_backend.h"
#include "relink/map/reservation.h"

namespace relink {
namespace {

constexpr uint64_t kPage = 4096;

// As a load does: several calls, any of which may fail.
Result<Reservation> LoadTwoPages(MappingBackend& backend, FileHandle file) {
  RELINK_TRY_ASSIGN(
      Reservation reservation,
      Reservation::Make(backend, {.size = 2 * kPage, .alignment = kPage}));
  RuntimeRange first{reservation.range().begin, kPage};
  RuntimeRange second{first.end(), kPage};
  RELINK_TRY(backend.MapFile(first, file, FileOffset(0), Protection::kRead));
  RELINK_TRY(backend.MapZero(second));
  RELINK_TRY(backend.Protect(second, Protection::kRead));
  return reservation;
}

TEST(FailingBackend, FailsOneCallAfterTheOtherUntilTheLoadSucceeds) {
  FakeBackend fake;
  FileHandle file = fake.AddFile({});
  uint64_t failing_call = 1;
  for (;; ++failing_call) {
    FailingBackend backend(fake, failing_call);
    auto loaded = LoadTwoPages(backend, file);
    EXPECT_EQ(loaded.ok(), !backend.has_failed());
    if (loaded.ok()) {
      EXPECT_EQ(backend.live_reservations(), 1u);
      break;
    }
    EXPECT_EQ(loaded.error().code, ErrorCode::kExhausted);
    EXPECT_EQ(loaded.error().os_error, ENOMEM);
    EXPECT_EQ(backend.call_count(), failing_call);
    EXPECT_EQ(backend.live_reservations(), 0u);
    EXPECT_EQ(fake.live_reservations(), 0u);
  }
  EXPECT_EQ(failing_call, 5u);
  EXPECT_EQ(fake.live_reservations(), 0u);
  EXPECT_TRUE(fake.misuses().empty());
}

TEST(FailingBackend, IsTheOtherBackendInEverythingElse) {
  PosixBackend posix;
  FailingBackend backend(posix);
  EXPECT_EQ(backend.page_size(), posix.page_size());
  EXPECT_TRUE(backend.runs_here());
  auto reservation =
      Reservation::Make(backend, {.size = posix.page_size(),
                                  .alignment = posix.page_size(),
                                  .initial = Protection::kReadWrite});
  ASSERT_TRUE(reservation.ok());
  RuntimeAddr begin = reservation->range().begin;
  EXPECT_EQ(backend.Bytes(begin), posix.Bytes(begin));
  *backend.Bytes(begin) = std::byte{1};
  EXPECT_FALSE(backend.has_failed());
}

}  // namespace
}  // namespace relink
