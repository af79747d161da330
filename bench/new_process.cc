// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "bench/new_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "bench/load_sides.h"
#include "relink/support/status_macros.h"

namespace relink::bench {
namespace {

using Clock = std::chrono::steady_clock;

OneLoad Since(Clock::time_point begin, Clock::time_point end, size_t modules) {
  return {.ns = std::chrono::nanoseconds(end - begin).count(),
          .modules = modules};
}

absl::StatusOr<OneLoad> LoadByRelink(const LoadCase& load, std::string path,
                                     absl::string_view warm_up) {
  // A fresh process pays for making the loader, too.
  Clock::time_point begin = Clock::now();
  ASSIGN_OR_RETURN(const auto side, RelinkSide::Create(load, std::move(path)));
  if (load.in == LoadIn::kWarmProcess) {
    RETURN_IF_ERROR(side->Load(warm_up).status());
    begin = Clock::now();
  }
  ASSIGN_OR_RETURN(const Library library, side->Load());
  return Since(begin, Clock::now(), library.loaded().size());
}

absl::StatusOr<OneLoad> LoadByDlopen(const LoadCase& load, std::string path,
                                     absl::string_view warm_up) {
  ASSIGN_OR_RETURN(const auto side, DlopenSide::Create(load, std::move(path)));
  if (load.in == LoadIn::kWarmProcess) {
    DlopenHandles handles;
    RETURN_IF_ERROR(handles.Open(std::string(warm_up).c_str()));
  }
  const size_t before = CountHostModules();
  const Clock::time_point begin = Clock::now();
  ASSIGN_OR_RETURN(const DlopenHandles handles, side->Load());
  const Clock::time_point end = Clock::now();
  return Since(begin, end, CountHostModules() - before);
}

// Reads what a process writes until it ends.
absl::StatusOr<std::string> ReadAll(int descriptor) {
  std::string text;
  char buffer[256];
  while (true) {
    const ssize_t size = read(descriptor, buffer, sizeof(buffer));
    if (size == 0) return text;
    if (size > 0) {
      text.append(buffer, static_cast<size_t>(size));
    } else if (errno != EINTR) {
      return absl::ErrnoToStatus(errno, "read");
    }
  }
}

absl::StatusOr<std::string> OutputOf(std::vector<std::string> command) {
  int pipe_ends[2];
  if (pipe2(pipe_ends, O_CLOEXEC) != 0) {
    return absl::ErrnoToStatus(errno, "pipe2");
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
  std::vector<char*> argv;
  argv.reserve(command.size() + 1);
  for (std::string& word : command) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t pid = 0;
  const int error = posix_spawn(&pid, "/proc/self/exe", &actions, nullptr,
                                argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(pipe_ends[1]);
  const auto close_pipe = absl::MakeCleanup([&] { close(pipe_ends[0]); });
  if (error != 0) return absl::ErrnoToStatus(error, "posix_spawn");
  absl::StatusOr<std::string> output = ReadAll(pipe_ends[0]);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (status != 0) {
    return absl::InternalError(
        absl::StrCat("the process that should load ended with status 0x",
                     absl::Hex(status)));
  }
  return output;
}

}  // namespace

absl::StatusOr<OneLoad> LoadInNewProcess(const LoadCase& load,
                                         absl::string_view side) {
  // The same argv[0]: the fixtures are beside it.
  ASSIGN_OR_RETURN(const std::string output,
                   OutputOf({program_invocation_name, std::string(kLoadOnce),
                             std::string(side), std::string(load.name)}));
  const std::vector<absl::string_view> words =
      absl::StrSplit(output, absl::ByAnyChar(" \n"), absl::SkipEmpty());
  OneLoad once;
  if (words.size() != 2 || !absl::SimpleAtoi(words[0], &once.ns) ||
      !absl::SimpleAtoi(words[1], &once.modules)) {
    return absl::InternalError(
        absl::StrCat("the process that should load printed: ", output));
  }
  return once;
}

absl::Status LoadOnce(const LoadCase& load, absl::string_view side,
                      absl::string_view path, absl::string_view warm_up) {
  RETURN_IF_ERROR(CheckNotLoaded(std::string(path)));
  const auto load_by = side == "relink" ? LoadByRelink : LoadByDlopen;
  ASSIGN_OR_RETURN(const OneLoad once,
                   load_by(load, std::string(path), warm_up));
  std::printf("%lld %zu\n", static_cast<long long>(once.ns), once.modules);
  std::fflush(stdout);
  return absl::OkStatus();
}

}  // namespace relink::bench
