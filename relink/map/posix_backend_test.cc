// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/map/posix_backend.h"

#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <thread>

#include "gtest/gtest.h"
#include "relink/map/proc_maps.h"
#include "relink/map/reservation.h"

namespace relink {
namespace {

TEST(PosixBackend, HasTheKernelsPageSize) {
  EXPECT_EQ(PosixBackend().page_size(),
            static_cast<uint64_t>(::sysconf(_SC_PAGESIZE)));
}

TEST(PosixBackend, IsNeverSeenWritableAndExecutableFromAnotherThread) {
  PosixBackend backend;
  auto reservation =
      Reservation::Make(backend, {.size = 16 * backend.page_size(),
                                  .alignment = backend.page_size(),
                                  .initial = Protection::kReadWrite});
  ASSERT_TRUE(reservation.ok());
  std::atomic<bool> done = false;
  std::thread flipper([&] {
    while (!done) {
      EXPECT_TRUE(
          backend.Protect(reservation->range(), Protection::kReadExecute).ok());
      EXPECT_TRUE(
          backend.Protect(reservation->range(), Protection::kReadWrite).ok());
    }
  });
  for (int i = 0; i < 50; ++i) EXPECT_FALSE(AnythingWritableAndExecutable());
  done = true;
  flipper.join();
}

}  // namespace
}  // namespace relink
