// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_PERF_EVENT_QUEUE_H_
#define RELINK_PROFILES_PERF_EVENT_QUEUE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "relink/support/byte_view.h"

namespace relink::profiles {

// Puts records in the order of time. perf writes the buffers of all processors
// one after the other, again and again; a mapping may stand after samples that
// need it, but never more than a round after. As in perf's own
// ordered-events.c, a round is let go when the next one ends, so that the
// memory is that of two rounds, and at most `kMaxSize` whatever the file says:
// then the older half is let go.
class EventQueue {
 public:
  static constexpr size_t kMaxSize = size_t{32} << 20;

  // What a record that is due is given to.
  using Deliver = absl::FunctionRef<absl::Status(ByteView record)>;

  // Keeps a copy of `record`, a whole one of less than 64 KiB.
  absl::Status Add(uint64_t time, ByteView record, Deliver deliver);
  absl::Status EndRound(Deliver deliver);
  absl::Status Finish(Deliver deliver);

 private:
  static constexpr size_t kBlockSize = size_t{1} << 20;

  struct Block {
    std::unique_ptr<std::byte[]> bytes;  // Kept while it is free.
    size_t used = 0;
    size_t records = 0;  // That are not delivered.
  };
  struct Entry {
    uint64_t time;
    uint32_t block;
    uint32_t offset;
  };

  // Delivers what is not later than `limit`.
  absl::Status DeliverUntil(uint64_t limit, Deliver deliver);
  void SortByTime();
  void Release(uint32_t number);

  std::vector<Block> blocks_;
  std::vector<uint32_t> free_blocks_;
  uint32_t current_ = UINT32_MAX;
  std::vector<Entry> entries_;
  // Of SortByTime.
  std::vector<Entry> merged_;
  std::vector<size_t> runs_;
  size_t live_blocks_ = 0;
  uint64_t latest_ = 0;
  uint64_t round_limit_ = 0;  // The latest at the end of the round before.
};

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_PERF_EVENT_QUEUE_H_
