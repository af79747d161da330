// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUN_PERF_MAP_H_
#define RELINK_RUN_PERF_MAP_H_

#include <span>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "profiles/symbols/file_symbols.h"
#include "relink/run/mapped_module.h"
#include "relink/run/moved_functions.h"
#include "relink/run/relink_process.h"
#include "relink/runtime/profiler_maps.h"

namespace relink {

// Adds functions that moved of one module, whose file has `symbols`.
void AddMoves(std::span<const MovedFunctions::Move> moves,
              const MappedModule& module, const profiles::FileSymbols& symbols,
              ProfilerText& text);

// Tells profilers of them.
class PerfMap {
 public:
  // As ProfilerMaps.
  static PerfMap OfEnvironment() { return PerfMap(Environment()); }
  explicit PerfMap(std::string folder) : maps_(std::move(folder)) {}

  // Adds what `relinked` did to `modules`. ResourceExhausted: it cannot be
  // written.
  absl::Status Append(const RelinkedProcess& relinked,
                      std::span<const MappedModule> modules);

 private:
  struct Environment {};
  explicit PerfMap(Environment) : maps_(ProfilerMaps::OfEnvironment()) {}

  ProfilerMaps maps_;
};

}  // namespace relink

#endif  // RELINK_RUN_PERF_MAP_H_
