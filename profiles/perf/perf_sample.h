// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_PERF_PERF_SAMPLE_H_
#define RELINK_PROFILES_PERF_PERF_SAMPLE_H_

#include <bit>
#include <cstdint>
#include <vector>

#include "profiles/perf/event_table.h"
#include "profiles/perf/perf_records.h"
#include "relink/support/byte_view.h"
#include "relink/support/result.h"

namespace relink::profiles {

struct PerfTakenBranch {
  uint64_t from;
  uint64_t to;
  bool mispredicted;
};

// A sample as it was taken. Its vectors are kept from one to the next.
struct PerfSample {
  CpuMode mode = CpuMode::kUnknown;
  uint32_t pid = 0;
  uint64_t ip = 0;
  uint64_t period = 0;
  // With its contexts (kPerfContextMax and above); innermost first.
  std::vector<uint64_t> callchain;
  // The last one first.
  std::vector<PerfTakenBranch> branches;
};

// Reads the contents of a sample record. kOutOfRange: it is too short for what
// `event` says is in it.
template <std::endian kOrder>
Result<void> ParseSample(const PerfEvent& event, uint16_t misc,
                         ByteView contents, PerfSample& sample);

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_PERF_PERF_SAMPLE_H_
