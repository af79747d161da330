// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/verify/verify_pool.h"

#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "relink/support/status_macros.h"
#include "tools/relink/verify/child_process.h"
#include "tools/relink/verify/verify_audit_bytes.h"

namespace relink::tools {
namespace {

// The audit library as a file without a name, which children inherit.
absl::StatusOr<Descriptor> MakeAuditLibrary() {
  Descriptor file(memfd_create("relink-verify-audit", 0));
  if (file.get() < 0) return SystemCallError("memfd_create");
  const absl::string_view bytes = VerifyAuditBytes();
  if (write(file.get(), bytes.data(), bytes.size()) !=
      static_cast<ssize_t>(bytes.size())) {
    return SystemCallError("write");
  }
  return file;
}

// A process that verifies one file and writes its verdict.
struct Verification {
  size_t index;
  ChildProcess process;
  absl::Time deadline;
};

Verdict Finish(Verification& verification, bool timed_out,
               const PoolOptions& options) {
  Verdict failed;
  std::optional<int> status;
  if (!timed_out) {
    status = verification.process.WaitUntil(verification.deadline);
  }
  if (!status.has_value()) {
    verification.process.Kill();
    failed.summary = absl::StrCat("still running after ",
                                  absl::FormatDuration(options.timeout));
    return failed;
  }
  if (WIFSIGNALED(*status)) {
    failed.summary = absl::StrCat("crashed: ", strsignal(WTERMSIG(*status)));
    return failed;
  }
  return ParseVerdict(verification.process.text());
}

// Waits until one of `running` has output or is out of time. Returns which ones
// have output.
std::vector<bool> Wait(const std::vector<Verification>& running) {
  std::vector<pollfd> polls;
  absl::Time wake = absl::InfiniteFuture();
  for (const Verification& one : running) {
    polls.push_back({one.process.output(), POLLIN, 0});
    wake = std::min(wake, one.deadline);
  }
  const int64_t wait = absl::ToInt64Milliseconds(wake - absl::Now()) + 1;
  poll(polls.data(), polls.size(),
       static_cast<int>(std::clamp<int64_t>(wait, 0, 60'000)));
  std::vector<bool> readable;
  readable.reserve(polls.size());
  for (const pollfd& poll : polls) readable.push_back(poll.revents != 0);
  return readable;
}

}  // namespace

absl::Status VerifyAll(const std::vector<std::string>& files,
                       const PoolOptions& options,
                       absl::FunctionRef<void(size_t, const Verdict&)> done) {
  ASSIGN_OR_RETURN(const Descriptor audit, MakeAuditLibrary());
  const std::vector<std::string> environment =
      EnvironmentWith("LD_AUDIT", absl::StrCat("/proc/self/fd/", audit.get()));
  std::vector<Verification> running;
  size_t next = 0;
  while (next < files.size() || !running.empty()) {
    while (next < files.size() && running.size() < options.jobs) {
      std::vector<std::string> arguments = {"verify", "--in-this-process", "--",
                                            files[next]};
      if (!options.passes.empty()) {
        arguments.insert(arguments.begin() + 1,
                         absl::StrCat("--passes=", options.passes));
      }
      ASSIGN_OR_RETURN(ChildProcess process,
                       ChildProcess::Start(options.program,
                                           std::move(arguments), environment));
      running.push_back(
          {next, std::move(process), absl::Now() + options.timeout});
      ++next;
    }
    const std::vector<bool> readable = Wait(running);
    for (size_t i = running.size(); i-- > 0;) {
      Verification& one = running[i];
      const bool timed_out = absl::Now() >= one.deadline;
      if (!timed_out && (!readable[i] || one.process.ReadSome())) continue;
      done(one.index, Finish(one, timed_out, options));
      running.erase(running.begin() + static_cast<ptrdiff_t>(i));
    }
  }
  return absl::OkStatus();
}

}  // namespace relink::tools
