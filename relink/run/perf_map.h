// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUN_PERF_MAP_H_
#define RELINK_RUN_PERF_MAP_H_

#include <sys/types.h>

#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "profiles/symbols/file_symbols.h"
#include "relink/run/mapped_module.h"
#include "relink/run/moved_functions.h"
#include "relink/run/relink_process.h"

namespace relink {

// What profilers are told of functions that moved.
struct MovedText {
  // Lines "START SIZE NAME", as perf takes them for code of JIT compilers.
  std::string names;
  // Lines "START SIZE OFFSET BUILDID PATH", as profiles::MovedCode takes them.
  std::string origins;
};

// Of functions of one module, whose file has `symbols`.
void AddMoves(std::span<const MovedFunctions::Move> moves,
              const MappedModule& module, const profiles::FileSymbols& symbols,
              MovedText& text);

// Writes that to "perf-PID.map" and "relink-PID.map" in a folder. Whatever had
// these names before is replaced, once for each process.
class PerfMap {
 public:
  // Into the folder that RELINK_PERF_MAP names, /tmp if it is 1; nowhere
  // without it.
  static PerfMap OfEnvironment();
  // Nowhere if `folder` is empty.
  explicit PerfMap(std::string folder) : folder_(std::move(folder)) {}

  // Adds what `relinked` did to `modules`. ResourceExhausted: it cannot be
  // written.
  absl::Status Append(const RelinkedProcess& relinked,
                      std::span<const MappedModule> modules);

 private:
  absl::Status AppendTo(absl::string_view kind, absl::string_view text) const;

  std::string folder_;
  pid_t last_pid_ = 0;  // A child that was forked has files of its own.
  bool begins_ = false;
};

}  // namespace relink

#endif  // RELINK_RUN_PERF_MAP_H_
