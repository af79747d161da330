// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUNTIME_PROFILER_MAPS_H_
#define RELINK_RUNTIME_PROFILER_MAPS_H_

#include <sys/types.h>

#include <mutex>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "relink/support/address.h"

namespace relink {

// What profilers are told of code that is not where a file is mapped.
struct ProfilerText {
  // Lines "START SIZE NAME", as perf takes them for code of JIT compilers.
  std::string names;
  // Lines "START SIZE OFFSET BUILDID PATH", as profiles::MovedCode takes them.
  std::string origins;

  // Neither adds what would be taken for a line of its own. An empty `build_id`
  // is none.
  void AddName(RuntimeRange code, absl::string_view name);
  void AddOrigin(RuntimeRange code, FileOffset offset,
                 absl::string_view build_id, absl::string_view path);
};

// Writes that to "perf-PID.map" and "relink-PID.map" in a folder. Whatever had
// these names before is replaced, once for each process. Thread-safe.
class ProfilerMaps {
 public:
  // Into the folder that RELINK_PERF_MAP names, /tmp if it is 1; nowhere
  // without it.
  static ProfilerMaps OfEnvironment();
  // What loads in this process write to.
  static ProfilerMaps& Process();
  // Nowhere if `folder` is empty.
  explicit ProfilerMaps(std::string folder) : folder_(std::move(folder)) {}

  bool wanted() const { return !folder_.empty(); }
  // ResourceExhausted: it cannot be written.
  absl::Status Append(const ProfilerText& text);

 private:
  absl::Status AppendTo(absl::string_view kind, absl::string_view text,
                        bool begins) const;

  const std::string folder_;
  std::mutex mutex_;    // Guards what follows, and the order of lines.
  pid_t last_pid_ = 0;  // A child that was forked has files of its own.
};

}  // namespace relink

#endif  // RELINK_RUNTIME_PROFILER_MAPS_H_
