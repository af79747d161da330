// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/record/sampler.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "relink/support/byte_view.h"
#include "relink/support/status_macros.h"

namespace relink::tools {
namespace {

// For each processor, as perf has it: what a user may have by default.
constexpr size_t kRingSize = size_t{512} << 10;

constexpr char kParanoid[] = "/proc/sys/kernel/perf_event_paranoid";
constexpr char kMaxRate[] = "/proc/sys/kernel/perf_event_max_sample_rate";

template <typename Number>
std::optional<Number> NumberIn(const char* file) {
  Number number;
  if (!(std::ifstream(file) >> number)) return std::nullopt;
  return number;
}

perf_event_attr Attributes(const SamplerOptions& options) {
  perf_event_attr attr = {};
  attr.type = PERF_TYPE_SOFTWARE;
  attr.size = sizeof(attr);
  attr.config = PERF_COUNT_SW_CPU_CLOCK;
  attr.freq = 1;
  attr.sample_freq = options.frequency;
  attr.sample_type =
      PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_PERIOD;
  if (options.call_graph) attr.sample_type |= PERF_SAMPLE_CALLCHAIN;
  attr.exclude_callchain_kernel = 1;
  attr.disabled = 1;
  attr.enable_on_exec = 1;
  attr.inherit = 1;
  attr.mmap = 1;
  attr.mmap2 = 1;
  attr.build_id = 1;
  attr.comm = 1;
  attr.comm_exec = 1;
  attr.task = 1;
  attr.sample_id_all = 1;
  attr.watermark = 1;
  attr.wakeup_watermark = kRingSize / 4;
  return attr;
}

int OpenEvent(perf_event_attr& attr, pid_t pid, int processor) {
  return static_cast<int>(syscall(SYS_perf_event_open, &attr, pid, processor,
                                  /*group=*/-1, PERF_FLAG_FD_CLOEXEC));
}

absl::Status OpenError(int error) {
  const std::string what =
      absl::StrCat("perf_event_open: ", std::strerror(error));
  if (error == EACCES || error == EPERM) {
    const auto paranoid = NumberIn<int>(kParanoid);
    return absl::PermissionDeniedError(
        absl::StrCat(what, "; ", kParanoid, " is ",
                     paranoid ? absl::StrCat(*paranoid) : "not there",
                     ": without CAP_PERFMON it must be 2 or less"));
  }
  if (error == EMFILE || error == ENFILE || error == ENOMEM) {
    return absl::ResourceExhaustedError(what);
  }
  return absl::UnimplementedError(what);
}

// Leaves out what the kernel does not let or cannot do. A descriptor, or an
// error number below 0.
int OpenFirst(perf_event_attr& attr, pid_t pid, int processor) {
  while (true) {
    const int event = OpenEvent(attr, pid, processor);
    if (event >= 0) return event;
    if ((errno == EACCES || errno == EPERM) && attr.exclude_kernel == 0) {
      attr.exclude_kernel = 1;
      attr.exclude_hv = 1;
    } else if (errno == EINVAL && attr.build_id != 0) {
      attr.build_id = 0;  // Linux 5.12 has it.
    } else {
      return -errno;
    }
  }
}

}  // namespace

uint64_t MaxFrequency() {
  return NumberIn<uint64_t>(kMaxRate).value_or(
      std::numeric_limits<uint64_t>::max());
}

absl::StatusOr<Sampler> Sampler::Open(pid_t pid,
                                      const SamplerOptions& options) {
  perf_event_attr attr = Attributes(options);
  std::vector<PerfRing> rings;
  const int processors = static_cast<int>(sysconf(_SC_NPROCESSORS_CONF));
  for (int processor = 0; processor < processors; ++processor) {
    const int event = OpenFirst(attr, pid, processor);
    if (event == -ENODEV) continue;  // It is switched off.
    if (event < 0) return OpenError(-event);
    ASSIGN_OR_RETURN(PerfRing ring, PerfRing::Map(event, kRingSize));
    rings.push_back(std::move(ring));
  }
  if (rings.empty()) return OpenError(ENODEV);
  return Sampler(attr, std::move(rings));
}

absl::Status Sampler::Describe(LiveSession& session) const {
  return session.events().Add<std::endian::native>(
      ByteView(&attr_, sizeof(attr_)), {});
}

absl::Status Sampler::Drain(LiveSession& session) {
  for (PerfRing& ring : rings_) {
    RETURN_IF_ERROR(ring.Drain(
        [&session](ByteView record) { return session.Process(record); }));
  }
  return session.EndRound();
}

void Sampler::Wait(int other, int milliseconds) {
  if (polled_.empty()) {
    polled_.push_back({other, POLLIN, 0});
    for (const PerfRing& ring : rings_) {
      polled_.push_back({ring.event(), POLLIN, 0});
    }
  }
  poll(polled_.data(), polled_.size(), milliseconds);
  // Once the process is gone its events would not let anyone wait, but others
  // that it started may still fill the buffers.
  for (pollfd& each : polled_) {
    if ((each.revents & (POLLHUP | POLLERR)) != 0) each.fd = -1;
  }
}

}  // namespace relink::tools
