// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/perf/event_queue.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace relink::profiles {
namespace {

using testing::ElementsAre;

// What was delivered: each record is its time.
class Receiver {
 public:
  void Add(EventQueue& queue, uint64_t time, size_t size = 8) {
    std::vector<std::byte> record(size);
    std::memcpy(record.data(), &time, sizeof(time));
    EXPECT_TRUE(queue.Add(time, ByteView(std::span(record)), Function()).ok());
  }
  void EndRound(EventQueue& queue) {
    EXPECT_TRUE(queue.EndRound(Function()).ok());
  }
  void Finish(EventQueue& queue) { EXPECT_TRUE(queue.Finish(Function()).ok()); }

  std::vector<uint64_t> times;
  std::vector<size_t> sizes;

 private:
  std::function<absl::Status(ByteView)> Function() {
    return [this](ByteView record) {
      uint64_t time;
      std::memcpy(&time, record.data(), sizeof(time));
      times.push_back(time);
      sizes.push_back(record.size());
      return absl::OkStatus();
    };
  }
};

TEST(EventQueue, LetsARoundGoWhenTheNextOneEnds) {
  EventQueue queue;
  Receiver receiver;
  receiver.Add(queue, 20);
  receiver.Add(queue, 10);
  receiver.EndRound(queue);
  EXPECT_THAT(receiver.times, ElementsAre());
  receiver.Add(queue, 15);
  receiver.Add(queue, 30);
  receiver.EndRound(queue);
  EXPECT_THAT(receiver.times, ElementsAre(10, 15, 20));
  receiver.Finish(queue);
  EXPECT_THAT(receiver.times, ElementsAre(10, 15, 20, 30));
}

TEST(EventQueue, KeepsTheOrderOfRecordsOfTheSameTime) {
  // Runs of several lengths, so that an odd number of them is merged.
  std::mt19937 random(1);
  for (const size_t count : {2u, 3u, 100u, 1000u}) {
    EventQueue queue;
    Receiver receiver;
    std::vector<std::pair<uint64_t, size_t>> expected;
    for (size_t i = 0; i < count; ++i) {
      const uint64_t time = 1 + i % 7 * 10 + random() % 3;
      receiver.Add(queue, time, 8 + i);
      expected.emplace_back(time, 8 + i);
    }
    receiver.Finish(queue);
    std::ranges::sort(expected);
    ASSERT_EQ(receiver.times.size(), count);
    for (size_t i = 0; i < count; ++i) {
      ASSERT_EQ(receiver.times[i], expected[i].first);
      ASSERT_EQ(receiver.sizes[i], expected[i].second);
    }
  }
}

TEST(EventQueue, LetsTheOlderHalfGoIfTheFileHasNoRounds) {
  constexpr size_t kSize = 60000;
  EventQueue queue;
  Receiver receiver;
  const size_t count = 2 * EventQueue::kMaxSize / kSize;
  for (size_t i = 0; i < count; ++i) receiver.Add(queue, i, kSize);
  EXPECT_GE(receiver.times.size(), count / 2);
  receiver.Finish(queue);
  EXPECT_EQ(receiver.times.size(), count);
  EXPECT_TRUE(std::is_sorted(receiver.times.begin(), receiver.times.end()));
}

}  // namespace
}  // namespace relink::profiles
