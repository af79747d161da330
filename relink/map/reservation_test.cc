// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/map/reservation.h"

#include <cstdint>
#include <utility>

#include "gtest/gtest.h"
#include "relink/map/fake_backend.h"

namespace relink {
namespace {

constexpr uint64_t kPage = 4096;
const MappingBackend::Request kOnePage{.size = kPage, .alignment = kPage};

TEST(Reservation, ReleasesWhatItReserved) {
  FakeBackend backend;
  {
    auto made = Reservation::Make(backend, kOnePage);
    ASSERT_TRUE(made.ok());
    EXPECT_TRUE(made->has_value());
    EXPECT_EQ(&made->backend(), &backend);
    EXPECT_EQ(made->range().size, kPage);
    EXPECT_EQ(backend.live_reservations(), 1u);
  }
  EXPECT_EQ(backend.live_reservations(), 0u);
  EXPECT_TRUE(backend.misuses().empty());
}

TEST(Reservation, OwnsNothingOnceMovedFrom) {
  FakeBackend backend;
  auto made = Reservation::Make(backend, kOnePage);
  ASSERT_TRUE(made.ok());
  RuntimeRange range = made->range();
  Reservation moved = *std::move(made);
  EXPECT_EQ(moved.range(), range);
  EXPECT_FALSE(made->has_value());  // NOLINT: looks at a moved-from value.
  EXPECT_EQ(made->range(), RuntimeRange());
  EXPECT_EQ(backend.live_reservations(), 1u);
}

TEST(Reservation, ReleasesTheOldWhenAssignedANewOne) {
  FakeBackend backend;
  auto first = Reservation::Make(backend, kOnePage);
  auto second = Reservation::Make(backend, kOnePage);
  ASSERT_TRUE(first.ok() && second.ok());
  RuntimeRange kept = second->range();
  *first = *std::move(second);
  EXPECT_EQ(first->range(), kept);
  EXPECT_EQ(backend.live_reservations(), 1u);
  *first = Reservation();
  EXPECT_EQ(backend.live_reservations(), 0u);
  EXPECT_TRUE(backend.misuses().empty());
}

TEST(Reservation, SurvivesAssignmentToItself) {
  FakeBackend backend;
  auto made = Reservation::Make(backend, kOnePage);
  ASSERT_TRUE(made.ok());
  Reservation& same = *made;
  *made = std::move(same);
  EXPECT_TRUE(made->has_value());
  EXPECT_EQ(backend.live_reservations(), 1u);
}

TEST(Reservation, PassesTheBackendsErrorOn) {
  FakeBackend backend;
  backend.FailAtCall(1);
  auto made = Reservation::Make(backend, kOnePage);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, ErrorCode::kExhausted);
  EXPECT_TRUE(backend.misuses().empty());
}

}  // namespace
}  // namespace relink
