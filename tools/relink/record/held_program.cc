// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/record/held_program.h"

#include <fcntl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace relink::tools {
namespace {

sigset_t HandledSignals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGCHLD, SIGINT, SIGQUIT, SIGTERM, SIGHUP}) {
    sigaddset(&set, signal);
  }
  return set;
}

void Close(int& descriptor) {
  if (descriptor >= 0) close(descriptor);
  descriptor = -1;
}

template <typename T>
bool ReadWhole(int from, T& value) {
  ssize_t size;
  do {
    size = read(from, &value, sizeof(value));
  } while (size < 0 && errno == EINTR);
  return size == static_cast<ssize_t>(sizeof(value));
}

}  // namespace

absl::StatusOr<HeldProgram> HeldProgram::Fork(
    const std::string& file, const std::vector<std::string>& words,
    const std::vector<std::pair<std::string, std::string>>& environment) {
  HeldProgram program;
  program.file_ = file;
  const auto error = [](const char* call) {
    return absl::ResourceExhaustedError(
        absl::StrCat(call, ": ", std::strerror(errno)));
  };
  // If it is ignored, nobody can wait for a process.
  struct sigaction by_default = {};
  by_default.sa_handler = SIG_DFL;
  sigaction(SIGCHLD, &by_default, &program.on_child_before_);
  const sigset_t handled = HandledSignals();
  sigprocmask(SIG_BLOCK, &handled, &program.mask_before_);
  program.signals_ = signalfd(-1, &handled, SFD_CLOEXEC | SFD_NONBLOCK);
  if (program.signals_ < 0) return error("signalfd");
  if (pipe2(program.go_, O_CLOEXEC) != 0) return error("pipe");
  if (pipe2(program.failed_, O_CLOEXEC) != 0) return error("pipe");
  program.pid_ = fork();
  if (program.pid_ < 0) return error("fork");
  if (program.pid_ == 0) program.BecomeProgram(words, environment);
  Close(program.go_[0]);
  Close(program.failed_[1]);
  return program;
}

void HeldProgram::BecomeProgram(
    const std::vector<std::string>& words,
    const std::vector<std::pair<std::string, std::string>>& environment) {
  Close(go_[1]);
  RestoreSignals();
  for (const auto& [name, value] : environment) {
    setenv(name.c_str(), value.c_str(), /*overwrite=*/1);
  }
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (const std::string& word : words) {
    pointers.push_back(const_cast<char*>(word.c_str()));
  }
  pointers.push_back(nullptr);
  char go = 0;
  if (ReadWhole(go_[0], go)) {
    execv(file_.c_str(), pointers.data());
    const int error = errno;
    [[maybe_unused]] const ssize_t written =
        write(failed_[1], &error, sizeof(error));
  }
  _exit(127);
}

HeldProgram& HeldProgram::operator=(HeldProgram&& other) noexcept {
  std::swap(file_, other.file_);
  std::swap(pid_, other.pid_);
  std::swap(go_, other.go_);
  std::swap(failed_, other.failed_);
  std::swap(signals_, other.signals_);
  std::swap(mask_before_, other.mask_before_);
  std::swap(on_child_before_, other.on_child_before_);
  return *this;
}

HeldProgram::~HeldProgram() {
  // One that still waits for its byte takes this for no.
  for (int& descriptor : go_) Close(descriptor);
  for (int& descriptor : failed_) Close(descriptor);
  if (pid_ > 0) waitpid(pid_, nullptr, 0);
  if (signals_ < 0) return;
  Close(signals_);
  RestoreSignals();
}

void HeldProgram::RestoreSignals() const {
  sigaction(SIGCHLD, &on_child_before_, nullptr);
  sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
}

absl::Status HeldProgram::Start() {
  const char go = 1;
  if (write(go_[1], &go, 1) != 1) {
    return absl::ResourceExhaustedError(
        absl::StrCat("write: ", std::strerror(errno)));
  }
  Close(go_[1]);
  // Executing a program closes its end.
  int error = 0;
  if (!ReadWhole(failed_[0], error)) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(file_, ": ", std::strerror(error)));
}

std::optional<int> HeldProgram::Ended() {
  signalfd_siginfo signal;
  while (ReadWhole(signals_, signal)) {
    const int number = static_cast<int>(signal.ssi_signo);
    if (number == SIGTERM || number == SIGHUP) kill(pid_, number);
  }
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return std::nullopt;
  pid_ = -1;
  return status;
}

}  // namespace relink::tools
