// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_RECORD_PERF_RING_H_
#define RELINK_TOOLS_RELINK_RECORD_PERF_RING_H_

#include <linux/perf_event.h>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "relink/support/byte_view.h"

namespace relink::tools {

// The ring buffer of a perf event, into which the kernel writes records:
// perf_event_open(2), "MMAP layout".
class PerfRing {
 public:
  // Takes the descriptor of an event, which it closes. A page, and up to
  // `data_size` bytes, a power of two: fewer if the kernel allows no more.
  // ResourceExhausted: it allows nothing.
  static absl::StatusOr<PerfRing> Map(int event, size_t data_size);

  PerfRing(PerfRing&& other) noexcept { *this = std::move(other); }
  PerfRing& operator=(PerfRing&& other) noexcept {
    std::swap(event_, other.event_);
    std::swap(memory_, other.memory_);
    std::swap(data_size_, other.data_size_);
    std::swap(record_, other.record_);
    return *this;
  }
  ~PerfRing();

  int event() const { return event_; }

  // Gives all whole records that are there to `take`, and their room back.
  absl::Status Drain(absl::FunctionRef<absl::Status(ByteView record)> take);

 private:
  PerfRing() = default;
  // Whole, even if it begins at the end of the ring.
  ByteView RecordAt(uint64_t position, size_t size);

  int event_ = -1;
  perf_event_mmap_page* memory_ = nullptr;
  size_t data_size_ = 0;
  std::vector<std::byte> record_;
};

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_RECORD_PERF_RING_H_
