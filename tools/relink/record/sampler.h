// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_RECORD_SAMPLER_H_
#define RELINK_TOOLS_RELINK_RECORD_SAMPLER_H_

#include <linux/perf_event.h>
#include <poll.h>
#include <sys/types.h>

#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "profiles/perf/perf_session.h"
#include "tools/relink/record/perf_ring.h"

namespace relink::tools {

using LiveSession = profiles::PerfSession<std::endian::native>;

struct SamplerOptions {
  uint64_t frequency = 0;  // Samples each second of a processor's time.
  bool call_graph = true;
};

// The largest frequency that the kernel takes.
uint64_t MaxFrequency();

// Samples a process, and those that it starts, from its next exec on: a perf
// event for each processor, for only those can be inherited and have a buffer.
class Sampler {
 public:
  // Of a process that waits to execute a program. PermissionDenied: the kernel
  // does not let this user. Unimplemented: it has no such events.
  // ResourceExhausted: no descriptors or memory.
  static absl::StatusOr<Sampler> Open(pid_t pid, const SamplerOptions& options);

  // Tells the session what its records are like.
  absl::Status Describe(LiveSession& session) const;
  // Gives it all records that are there.
  absl::Status Drain(LiveSession& session);

  // The kernel lets this user see nothing of its own.
  bool excludes_kernel() const { return attr_.exclude_kernel != 0; }

  // Waits until there is something to do here or with `other`, a descriptor, or
  // until time is up.
  void Wait(int other, int milliseconds);

 private:
  Sampler(const perf_event_attr& attr, std::vector<PerfRing> rings)
      : attr_(attr), rings_(std::move(rings)) {}

  perf_event_attr attr_;
  std::vector<PerfRing> rings_;
  std::vector<pollfd> polled_;
};

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_RECORD_SAMPLER_H_
