// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_PERF_EVENT_TABLE_H_
#define RELINK_PROFILES_PERF_EVENT_TABLE_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "relink/support/byte_view.h"

namespace relink::profiles {

// What of a perf_event_attr says how its records are to be read.
struct PerfEvent {
  size_t number = 0;  // Among the events.
  std::string name;   // As perf calls it, or "type:0xconfig".
  uint64_t period = 0;
  uint64_t frequency = 0;
  uint64_t sample_type = 0;
  uint64_t read_format = 0;
  uint64_t branch_sample_type = 0;
  bool sample_id_all = false;
  bool chosen = false;  // Its samples are counted.
};

// The events of a recording, and which of them a record is of.
class PerfEventTable {
 public:
  // `choice` is ReadOptions::event.
  explicit PerfEventTable(std::string choice) : choice_(std::move(choice)) {}

  // Adds an event from a perf_event_attr.
  template <std::endian kOrder>
  absl::Status Add(ByteView attr, const std::vector<uint64_t>& ids);

  // NotFound if there is no event of the name that was asked for.
  absl::Status CheckChoice() const;

  // Of a sample's contents, after its header; null if that cannot be told.
  template <std::endian kOrder>
  const PerfEvent* OfSample(ByteView contents);
  // Of another record's contents, which may end with an id and a time. There
  // must be an event.
  template <std::endian kOrder>
  const PerfEvent& OfOther(ByteView contents);

  bool empty() const { return events_.empty(); }
  // In the order in which they were added.
  const std::deque<PerfEvent>& all() const { return events_; }

 private:
  const PerfEvent* Find(uint64_t id);

  std::string choice_;
  std::deque<PerfEvent> events_;  // So that pointers to them stay.
  absl::flat_hash_map<uint64_t, size_t> ids_;
  // Of the last record that had an id.
  uint64_t last_id_ = 0;
  const PerfEvent* last_ = nullptr;
};

// When a record happened, by the fields that `event` says it has; 0 if that is
// not known. A sample says it at its beginning, what else there is at its end.
template <std::endian kOrder>
uint64_t TimeOfSample(const PerfEvent& event, ByteView contents);
template <std::endian kOrder>
uint64_t TimeOfOther(const PerfEvent& event, ByteView contents);

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_PERF_EVENT_TABLE_H_
