// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/map/rebased_backend.h"

#include <cstddef>
#include <cstdint>

#include "gtest/gtest.h"
#include "relink/map/posix_backend.h"
#include "relink/map/reservation.h"

namespace relink {
namespace {

TEST(RebasedBackend, GivesTheAddressThatIsAskedForEvenIfThatIsZero) {
  PosixBackend system;
  RebasedBackend backend(system);
  const uint64_t page = backend.page_size();
  for (const uint64_t address : {uint64_t{0}, 16 * page}) {
    auto memory = Reservation::Make(
        backend,
        {.size = 4 * page, .alignment = page, .address = RuntimeAddr(address)});
    ASSERT_TRUE(memory.ok()) << memory.error().what;
    EXPECT_EQ(memory->range(), (RuntimeRange{RuntimeAddr(address), 4 * page}));
  }
}

TEST(RebasedBackend, KeepsDistancesInMemory) {
  PosixBackend system;
  RebasedBackend backend(system);
  const uint64_t page = backend.page_size();
  auto memory = Reservation::Make(
      backend, {.size = 4 * page, .alignment = page, .address = {}});
  ASSERT_TRUE(memory.ok());
  ASSERT_TRUE(backend.MapZero({RuntimeAddr(page), 2 * page}).ok());
  std::byte* bytes = backend.Bytes(RuntimeAddr(page));
  bytes[page] = std::byte{1};
  EXPECT_EQ(*backend.Bytes(RuntimeAddr(2 * page)), std::byte{1});
  ASSERT_TRUE(
      backend.Protect({RuntimeAddr(page), page}, Protection::kReadExecute)
          .ok());
  EXPECT_FALSE(backend.runs_here());
}

TEST(RebasedBackend, RefusesASecondReservation) {
  PosixBackend system;
  RebasedBackend backend(system);
  const MappingBackend::Request request = {.size = backend.page_size(),
                                           .alignment = backend.page_size()};
  auto first = Reservation::Make(backend, request);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(Reservation::Make(backend, request).error().code,
            ErrorCode::kExhausted);
}

}  // namespace
}  // namespace relink
