// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// The suite `object`: a large relocatable object, and one whose `main` uses it,
// linked and run by Relink and by llvm-jitlink, each time in a process of its
// own, from its start to its end. RELINK_BENCH_OBJECTS is the folder of the
// objects (tools/bench makes it).

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "bench/measure_pairs.h"
#include "bench/run_suite.h"
#include "benchmark/benchmark.h"
#include "relink/ir/module_source.h"
#include "relink/link/library.h"
#include "relink/link/loader.h"
#include "relink/support/status_macros.h"

namespace relink::bench {
namespace {

using Clock = std::chrono::steady_clock;

// What `main` of the objects returns if all went well.
constexpr int kSuccess = 42;
// Of a process that is to link and run what comes behind it.
constexpr absl::string_view kRunObjects = "--run-objects";

// Starts `command`, whose first word is looked for in PATH, without output;
// returns how many seconds it took.
absl::StatusOr<double> Run(std::vector<std::string> command) {
  std::vector<char*> argv;
  argv.reserve(command.size() + 1);
  for (std::string& word : command) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null",
                                   O_WRONLY, 0);
  pid_t pid = 0;
  const Clock::time_point begin = Clock::now();
  const int error =
      posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return absl::ErrnoToStatus(error, command[0]);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  const std::chrono::duration<double> took = Clock::now() - begin;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != kSuccess) {
    return absl::InternalError(
        absl::StrCat(command[0], ": ended with status 0x", absl::Hex(status)));
  }
  return took.count();
}

Side RunAgain(std::vector<std::string> command) {
  return [command = std::move(command)](benchmark::State& state) {
    for (auto _ : state) {
      const absl::StatusOr<double> took = Run(command);
      if (!took.ok()) return Fail(state, took.status());
      state.SetIterationTime(*took);
    }
  };
}

absl::StatusOr<Sides> Prepare() {
  const char* folder = std::getenv("RELINK_BENCH_OBJECTS");
  if (folder == nullptr) {
    return absl::FailedPreconditionError(
        "RELINK_BENCH_OBJECTS is not set; tools/bench object sets it");
  }
  const char* jitlink = std::getenv("RELINK_BENCH_JITLINK");
  const std::string driver = absl::StrCat(folder, "/sqlite_main.o");
  const std::string object = absl::StrCat(folder, "/sqlite3.o");
  const std::vector<std::string> relink = {
      "/proc/self/exe", std::string(kRunObjects), driver, object};
  const std::vector<std::string> baseline = {
      jitlink == nullptr ? "llvm-jitlink" : jitlink, driver, object};
  // Both do the work, and what they read is in memory.
  RETURN_IF_ERROR(Run(relink).status());
  RETURN_IF_ERROR(Run(baseline).status());
  return Sides{.relink = RunAgain(relink), .baseline = RunAgain(baseline)};
}

absl::StatusOr<int> RunObjects(absl::Span<char*> paths) {
  std::vector<ModuleSource> sources;
  for (const char* path : paths) {
    ASSIGN_OR_RETURN(ModuleSource source, ModuleSource::Open(path));
    sources.push_back(std::move(source));
  }
  Loader loader;
  ASSIGN_OR_RETURN(const Library library,
                   loader.LoadObjects(std::move(sources)));
  ASSIGN_OR_RETURN(const auto function, library.Get<int()>("main"));
  return function();
}

}  // namespace
}  // namespace relink::bench

int main(int argc, char** argv) {
  using namespace relink::bench;  // NOLINT: main is of that namespace
  const std::vector<absl::string_view> args(argv + 1, argv + argc);
  if (!args.empty() && args[0] == kRunObjects) {
    const auto result = RunObjects(absl::MakeSpan(argv + 2, argv + argc));
    if (result.ok()) return *result;
    std::cerr << result.status() << '\n';
    return 1;
  }
  Suite suite{.name = "object", .cases = {}, .breakdown = nullptr};
  suite.cases.push_back({.name = "sqlite3.o",
                         .baseline = "llvm-jitlink",
                         .manual_time = true,
                         .prepare = Prepare});
  return RunSuite(suite, args);
}
