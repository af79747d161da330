// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/record/perf_ring.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace relink::tools {
namespace {

constexpr size_t kRingSize = 4096;

// Samples of this thread as fast as they come; -1 if there are none to have.
int OpenClock() {
  perf_event_attr attr = {};
  attr.type = PERF_TYPE_SOFTWARE;
  attr.size = sizeof(attr);
  attr.config = PERF_COUNT_SW_CPU_CLOCK;
  attr.sample_period = 50'000;  // Nanoseconds.
  attr.sample_type = PERF_SAMPLE_IP | PERF_SAMPLE_TIME | PERF_SAMPLE_PERIOD;
  attr.exclude_kernel = 1;
  return static_cast<int>(syscall(SYS_perf_event_open, &attr, /*pid=*/0,
                                  /*cpu=*/-1, /*group=*/-1,
                                  PERF_FLAG_FD_CLOEXEC));
}

TEST(PerfRing, GivesWholeRecordsRoundAfterRound) {
  const int event = OpenClock();
  if (event < 0) GTEST_SKIP() << "no perf events: " << std::strerror(errno);
  auto ring = PerfRing::Map(event, kRingSize);
  ASSERT_TRUE(ring.ok()) << ring.status();
  size_t size = 0;
  uint64_t last_time = 0;
  while (size < 3 * kRingSize) {
    const absl::Status drained = ring->Drain([&](ByteView record) {
      perf_event_header header;
      std::memcpy(&header, record.data(), sizeof(header));
      EXPECT_EQ(header.size, record.size());
      size += record.size();
      if (header.type == PERF_RECORD_SAMPLE) {
        uint64_t time = 0;
        std::memcpy(&time, record.data() + sizeof(header) + 8, sizeof(time));
        EXPECT_GT(time, last_time);
        last_time = time;
      }
      return absl::OkStatus();
    });
    ASSERT_TRUE(drained.ok()) << drained;
  }
}

TEST(PerfRing, EndsWithWhoeverTakesRecords) {
  const int event = OpenClock();
  if (event < 0) GTEST_SKIP() << "no perf events: " << std::strerror(errno);
  auto ring = PerfRing::Map(event, kRingSize);
  ASSERT_TRUE(ring.ok()) << ring.status();
  absl::Status drained = absl::OkStatus();
  while (drained.ok()) {
    drained =
        ring->Drain([](ByteView) { return absl::AbortedError("enough"); });
  }
  EXPECT_EQ(drained.message(), "enough");
}

TEST(PerfRing, SaysThatThereIsNoMemory) {
  int pipes[2];
  ASSERT_EQ(pipe(pipes), 0);
  close(pipes[1]);
  EXPECT_EQ(PerfRing::Map(pipes[0], kRingSize).status().code(),
            absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace relink::tools
