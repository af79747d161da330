// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_PERF_PERF_SESSION_H_
#define RELINK_PROFILES_PERF_PERF_SESSION_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "profiles/perf/event_queue.h"
#include "profiles/perf/event_table.h"
#include "profiles/perf/perf_records.h"
#include "profiles/perf/perf_sample.h"
#include "profiles/perf/record_decompressor.h"
#include "profiles/perf/sample_counter.h"
#include "profiles/profile.h"
#include "profiles/read_options.h"
#include "relink/support/byte_view.h"

namespace relink::profiles {

struct PerfProgress {
  uint64_t samples = 0;
  uint64_t lost = 0;
  size_t modules = 0;
};

// Takes the records of a recording one after the other, as they stand in it,
// and makes a profile of them. Errors say what is wrong, not where.
template <std::endian kOrder>
class PerfSession {
 public:
  // `format` is what Source::format becomes.
  explicit PerfSession(const ReadOptions& options,
                       std::string format = "perf.data")
      : format_(std::move(format)),
        events_(options.event),
        counter_(options.moved) {}

  PerfEventTable& events() { return events_; }

  // A whole record, its header included.
  absl::Status Process(ByteView record);
  // A record of the table of build-ids, which has no type.
  absl::Status AddBuildId(ByteView record);

  // All that is waiting for what may have come before it waits no longer than
  // until this was called once more: it is for sources that write no
  // kPerfRecordFinishedRound.
  absl::Status EndRound() { return queue_.EndRound(DeliverFunction()); }

  // What was counted; records of two rounds may still wait.
  PerfProgress progress() const;
  // After the last record.
  absl::StatusOr<Profile> Finish();

 private:
  using Header = PerfRecordHeader<kOrder>;

  absl::Status ProcessCompressed(ByteView packed);
  absl::Status AddEvent(ByteView contents);
  absl::Status Enqueue(ByteView record);
  absl::Status Deliver(ByteView record);
  absl::Status AddSample(uint16_t misc, ByteView contents);
  absl::Status AddMapping(const Header& header, ByteView contents);
  absl::Status ChangeTasks(const Header& header, ByteView contents);
  absl::Status AddLost(uint64_t offset, ByteView contents);

  auto DeliverFunction() {
    return [this](ByteView record) { return Deliver(record); };
  }

  std::string format_;
  PerfEventTable events_;
  EventQueue queue_;
  SampleCounter counter_;
  RecordDecompressor decompressor_;
  PerfSample sample_;
  std::vector<Count> counted_;  // For each event.
};

extern template class PerfSession<std::endian::little>;
extern template class PerfSession<std::endian::big>;

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_PERF_PERF_SESSION_H_
