// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/verify_pool.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "relink/support/status_macros.h"
#include "tools/relink/verify_audit_bytes.h"

namespace relink::tools {
namespace {

absl::Status SystemError(absl::string_view call, int error) {
  return absl::ResourceExhaustedError(
      absl::StrCat(call, ": ", std::strerror(error)));
}

// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int value = -1) : value_(value) {}
  Descriptor(Descriptor&& other) noexcept
      : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~Descriptor() {
    if (value_ >= 0) close(value_);
  }
  int get() const { return value_; }

 private:
  int value_;
};

// The audit library as a file without a name, which children inherit.
absl::StatusOr<Descriptor> MakeAuditLibrary() {
  Descriptor file(memfd_create("relink-verify-audit", 0));
  if (file.get() < 0) return SystemError("memfd_create", errno);
  const absl::string_view bytes = VerifyAuditBytes();
  if (write(file.get(), bytes.data(), bytes.size()) !=
      static_cast<ssize_t>(bytes.size())) {
    return SystemError("write", errno);
  }
  return file;
}

// This process's environment with LD_AUDIT set to `audit`.
std::vector<std::string> EnvironmentWith(const std::string& audit) {
  std::vector<std::string> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (!absl::StartsWith(*entry, "LD_AUDIT=")) environment.push_back(*entry);
  }
  environment.push_back(absl::StrCat("LD_AUDIT=", audit));
  return environment;
}

std::vector<char*> Pointers(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (std::string& text : strings) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// A process that verifies one file and writes its verdict to a pipe.
struct Child {
  size_t index = 0;
  pid_t pid = 0;
  Descriptor output;
  std::string text;
  absl::Time deadline;
};

absl::StatusOr<Child> Start(size_t index, const std::string& file,
                            const PoolOptions& options, int audit) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return SystemError("pipe", errno);
  Child child;
  child.index = index;
  child.output = Descriptor(ends[0]);
  const Descriptor input(ends[1]);
  child.deadline = absl::Now() + options.timeout;

  std::vector<std::string> arguments = {"relink", "verify",
                                        "--in-this-process", "--", file};
  std::vector<std::string> environment =
      EnvironmentWith(absl::StrCat("/proc/self/fd/", audit));
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input.get(), STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null",
                                   O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null",
                                   O_WRONLY, 0);
  const int error =
      posix_spawn(&child.pid, "/proc/self/exe", &actions, nullptr,
                  Pointers(arguments).data(), Pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return SystemError("posix_spawn", error);
  return child;
}

// Reads what there is. False at the end of the output.
bool ReadSome(Child& child) {
  char buffer[4096];
  const ssize_t got = read(child.output.get(), buffer, sizeof(buffer));
  if (got > 0) child.text.append(buffer, static_cast<size_t>(got));
  return got > 0 || (got < 0 && errno == EINTR);
}

Verdict Finish(Child& child, bool timed_out, const PoolOptions& options) {
  if (timed_out) kill(child.pid, SIGKILL);
  int status = 0;
  while (waitpid(child.pid, &status, 0) < 0 && errno == EINTR) {
  }
  Verdict failed;
  if (timed_out) {
    failed.summary = absl::StrCat("still running after ",
                                  absl::FormatDuration(options.timeout));
    return failed;
  }
  if (WIFSIGNALED(status)) {
    failed.summary =
        absl::StrCat("crashed: ", strsignal(WTERMSIG(status)));
    return failed;
  }
  return ParseVerdict(child.text);
}

}  // namespace

absl::Status VerifyAll(
    const std::vector<std::string>& files, const PoolOptions& options,
    absl::FunctionRef<void(size_t, const Verdict&)> done) {
  ASSIGN_OR_RETURN(const Descriptor audit, MakeAuditLibrary());
  std::vector<Child> running;
  size_t next = 0;
  while (next < files.size() || !running.empty()) {
    while (next < files.size() && running.size() < options.jobs) {
      ASSIGN_OR_RETURN(Child child,
                       Start(next, files[next], options, audit.get()));
      running.push_back(std::move(child));
      ++next;
    }
    std::vector<pollfd> polls;
    absl::Time wake = absl::InfiniteFuture();
    for (const Child& child : running) {
      polls.push_back({child.output.get(), POLLIN, 0});
      wake = std::min(wake, child.deadline);
    }
    const int64_t wait = absl::ToInt64Milliseconds(wake - absl::Now()) + 1;
    poll(polls.data(), polls.size(),
         static_cast<int>(std::clamp<int64_t>(wait, 0, 60'000)));
    for (size_t i = running.size(); i-- > 0;) {
      Child& child = running[i];
      const bool timed_out = absl::Now() >= child.deadline;
      const bool readable = polls[i].revents != 0;
      if (!timed_out && (!readable || ReadSome(child))) continue;
      done(child.index, Finish(child, timed_out, options));
      running.erase(running.begin() + static_cast<ptrdiff_t>(i));
    }
  }
  return absl::OkStatus();
}

}  // namespace relink::tools
