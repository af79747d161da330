// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/verify/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace relink::tools {
namespace {

std::vector<char*> Pointers(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  pointers.reserve(strings.size() + 1);
  for (std::string& text : strings) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

absl::Status SystemCallError(absl::string_view call) {
  return absl::ResourceExhaustedError(
      absl::StrCat(call, ": ", std::strerror(errno)));
}

Descriptor::~Descriptor() {
  if (value_ >= 0) close(value_);
}

std::vector<std::string> Environment() {
  std::vector<std::string> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    environment.emplace_back(*entry);
  }
  return environment;
}

std::vector<std::string> EnvironmentWith(absl::string_view name,
                                         absl::string_view value) {
  std::vector<std::string> environment = Environment();
  const std::string prefix = absl::StrCat(name, "=");
  std::erase_if(environment, [&](const std::string& entry) {
    return absl::StartsWith(entry, prefix);
  });
  environment.push_back(absl::StrCat(prefix, value));
  return environment;
}

absl::StatusOr<ChildProcess> ChildProcess::Start(
    const std::string& program, std::vector<std::string> arguments,
    std::vector<std::string> environment) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return SystemCallError("pipe");
  ChildProcess child;
  child.output_ = Descriptor(ends[0]);
  const Descriptor input(ends[1]);

  arguments.insert(arguments.begin(), program);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input.get(), STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null",
                                   O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null",
                                   O_WRONLY, 0);
  errno = posix_spawn(&child.pid_, program.c_str(), &actions, nullptr,
                      Pointers(arguments).data(), Pointers(environment).data());
  const int error = errno;
  posix_spawn_file_actions_destroy(&actions);
  errno = error;
  if (error != 0) {
    child.pid_ = 0;
    return SystemCallError(absl::StrCat("posix_spawn ", program));
  }
  return child;
}

ChildProcess::~ChildProcess() {
  if (pid_ != 0) Kill();
}

bool ChildProcess::ReadSome() {
  char buffer[4096];
  const ssize_t got = read(output_.get(), buffer, sizeof(buffer));
  if (got > 0) text_.append(buffer, static_cast<size_t>(got));
  return got > 0 || (got < 0 && errno == EINTR);
}

int ChildProcess::Kill() {
  kill(pid_, SIGKILL);
  return Reap();
}

std::optional<int> ChildProcess::WaitUntil(absl::Time deadline) {
  // Readable once the process has ended: pidfd_open(2).
  const Descriptor process(
      static_cast<int>(syscall(SYS_pidfd_open, pid_, /*flags=*/0)));
  pollfd ended = {process.get(), POLLIN, 0};
  const absl::Duration left =
      std::max(deadline - absl::Now(), absl::ZeroDuration());
  const timespec timeout = absl::ToTimespec(left);
  if (ppoll(&ended, 1, &timeout, nullptr) != 1) return std::nullopt;
  return Reap();
}

int ChildProcess::Reap() {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = 0;
  return status;
}

}  // namespace relink::tools
