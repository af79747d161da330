// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUN_RUNNING_PROGRAM_H_
#define RELINK_RUN_RUNNING_PROGRAM_H_

#include <link.h>

#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "relink/link/pipeline.h"
#include "relink/map/posix_backend.h"
#include "relink/pass/pass_context.h"
#include "relink/pass/remark.h"
#include "relink/run/init_hooks.h"
#include "relink/run/mapped_module.h"
#include "relink/run/moved_batches.h"
#include "relink/run/perf_map.h"
#include "relink/run/relink_process.h"

namespace relink {

// The program that ld.so is starting, and that relinking it must not disturb:
// whatever goes wrong, it runs as it is. One per process, never destroyed.
class RunningProgram {
 public:
  // With the passes of RELINK_PASSES; null if it names none, or wrong ones.
  static RunningProgram* OfEnvironment();

  // ld.so mapped a module.
  void OnOpened(const struct link_map& map);
  // It opened, and relocated, all that the program starts with, of which
  // nothing has run; or opened all that one dlopen brings, which is not
  // relocated yet; or closed all that one dlclose ends.
  void OnConsistent();
  // It finalized a module, by its link_map.
  void OnClosed(const void* map);
  // What a reference is bound to that ld.so would bind to `address`.
  uint64_t Bound(uint64_t address) const;

 private:
  explicit RunningProgram(Pipeline pipeline);
  void FindReplacements();
  void Relink();
  absl::StatusOr<RelinkedProcess> RelinkModules();
  void TellProfilers(const RelinkedProcess& relinked);
  void Start();
  // All that was opened later is relocated, and none of it initialized.
  void OnInitialize();
  static void Log(const std::string& text);

  PosixBackend backend_;
  Pipeline pipeline_;
  PassContext context_;
  std::vector<MappedModule> modules_;  // That ld.so mapped since Relink.
  std::vector<std::pair<uint64_t, uint64_t>> replacements_;
  MovedBatches batches_;
  PerfMap perf_map_ = PerfMap::OfEnvironment();
  bool started_ = false;
  bool exiting_ = false;
  std::vector<const void*> from_start_;  // By link_map.
  InitHooks hooks_;
  // Of modules that came later, by link_map; and of those that are closed now.
  std::vector<std::pair<const void*, RuntimeRange>> later_;
  std::vector<RuntimeRange> gone_;
};

}  // namespace relink

#endif  // RELINK_RUN_RUNNING_PROGRAM_H_
