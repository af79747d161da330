// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_RECORD_HELD_PROGRAM_H_
#define RELINK_TOOLS_RELINK_RECORD_HELD_PROGRAM_H_

#include <sys/types.h>

#include <csignal>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace relink::tools {

// A child process that executes a program when it is told to, so that whoever
// watches it misses nothing. What a terminal sends (SIGINT, SIGQUIT) is the
// program's alone; SIGTERM and SIGHUP are sent on to it. Only one at a time,
// in a process without other threads.
class HeldProgram {
 public:
  // `file` is a path, `words` its arguments from argv[0] on, `environment` what
  // is set besides. ResourceExhausted: no process can be started.
  static absl::StatusOr<HeldProgram> Fork(
      const std::string& file, const std::vector<std::string>& words,
      const std::vector<std::pair<std::string, std::string>>& environment);

  HeldProgram(HeldProgram&& other) noexcept { *this = std::move(other); }
  HeldProgram& operator=(HeldProgram&& other) noexcept;
  // A program that was never told to start is gone then.
  ~HeldProgram();

  pid_t pid() const { return pid_; }

  // FailedPrecondition: it cannot be executed, "file: errno text".
  absl::Status Start();

  // Readable when there is something for Ended to do.
  int signals() const { return signals_; }
  // Its wait status, once it has ended.
  std::optional<int> Ended();

 private:
  HeldProgram() = default;
  [[noreturn]] void BecomeProgram(
      const std::vector<std::string>& words,
      const std::vector<std::pair<std::string, std::string>>& environment);
  void RestoreSignals() const;

  std::string file_;
  pid_t pid_ = -1;
  int go_[2] = {-1, -1};      // A byte lets it start.
  int failed_[2] = {-1, -1};  // An errno comes from it if it cannot.
  int signals_ = -1;
  sigset_t mask_before_ = {};
  struct sigaction on_child_before_ = {};
};

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_RECORD_HELD_PROGRAM_H_
