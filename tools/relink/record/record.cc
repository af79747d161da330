// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/record/record.h"

#include <sys/wait.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "profiles/formats.h"
#include "profiles/profile.h"
#include "profiles/symbols/file_symbols.h"
#include "relink/support/status_macros.h"
#include "tools/relink/find_program.h"
#include "tools/relink/profile/symbol_files.h"
#include "tools/relink/record/counter_line.h"
#include "tools/relink/record/held_program.h"
#include "tools/relink/record/moved_folder.h"
#include "tools/relink/record/output_file.h"
#include "tools/relink/record/sampler.h"
#include "tools/relink/shown_text.h"

namespace relink::tools {
namespace {

using profiles::ModuleKey;
using profiles::Profile;
using profiles::ProfileFormat;

// As perf has it.
constexpr uint64_t kFrequency = 4000;
constexpr int kMillisecondsToWait = 100;
constexpr absl::string_view kOutput = "relink.relprof";

constexpr Option kOptions[] = {
    {.name = "output",
     .value = "FILE",
     .help = "write the profile there (default: relink.relprof)",
     .letter = 'o'},
    {.name = "format",
     .value = "FORMAT",
     .help = "what to write (default: own); see relink profile formats"},
    {.name = "frequency",
     .value = "HZ",
     .help = "so many samples each second (default: 4000)",
     .letter = 'F'},
    {.name = "no-call-graph", .help = "record no stacks, so no calls"},
    {.name = "quiet", .help = "say nothing on standard error but errors"},
};

absl::StatusOr<const ProfileFormat*> OutputFormat(const Arguments& arguments) {
  const absl::string_view name = arguments.Value("format", "own");
  const auto format = profiles::FindFormat(name);
  if (!format.ok()) {
    return UsageError(
        absl::StrCat("record: --format: ", format.status().message()));
  }
  if ((*format)->write == nullptr) {
    return UsageError(
        absl::StrCat("record: --format: ", name, " can only be read"));
  }
  if (name != "own" && !arguments.Has("output")) {
    return UsageError("record: --format needs an -o FILE");
  }
  return *format;
}

absl::StatusOr<uint64_t> Frequency(const Arguments& arguments) {
  if (!arguments.Has("frequency")) return std::min(kFrequency, MaxFrequency());
  const absl::string_view text = arguments.Value("frequency");
  uint64_t frequency;
  if (!absl::SimpleAtoi(text, &frequency) || frequency == 0) {
    return UsageError(absl::StrCat("record: --frequency: ", text,
                                   " is not a number above 0"));
  }
  if (frequency > MaxFrequency()) {
    return UsageError(absl::StrCat(
        "record: --frequency: ", text, " is above ", MaxFrequency(),
        ", as /proc/sys/kernel/perf_event_max_sample_rate has it"));
  }
  return frequency;
}

// What the kernel could not say of modules: its answer depends on which pages
// of them are in memory.
Profile WithBuildIds(const Profile& profile, SymbolFiles& files) {
  Profile result;
  result.Merge(profile, {}, [&files](const ModuleKey& key) {
    ModuleKey full = key;
    if (full.build_id.empty()) {
      const profiles::FileSymbols* symbols = files.Find(key);
      if (symbols != nullptr) full.build_id = symbols->build_id();
    }
    return full;
  });
  return result;
}

struct Recording {
  Profile profile;
  profiles::PerfProgress progress;
  int wait_status = 0;
};

// Runs the program to its end, even if recording it fails on the way.
absl::StatusOr<Recording> Record(HeldProgram& program, Sampler& sampler,
                                 const std::string& moved) {
  LiveSession session({.moved = moved}, "relink record");
  RETURN_IF_ERROR(sampler.Describe(session));
  RETURN_IF_ERROR(program.Start());
  CounterLine line;
  absl::Status drained = absl::OkStatus();
  std::optional<int> ended;
  while (!ended) {
    sampler.Wait(program.signals(), kMillisecondsToWait);
    ended = program.Ended();
    if (!drained.ok()) continue;
    drained = sampler.Drain(session);
    line.Show(session.progress());
  }
  RETURN_IF_ERROR(drained);
  // What the last round held back counts, too.
  ASSIGN_OR_RETURN(Profile profile, session.Finish());
  return Recording{std::move(profile), session.progress(), *ended};
}

int ExitCodeOf(int wait_status) {
  constexpr int kSignaled = 128;
  return WIFSIGNALED(wait_status) ? kSignaled + WTERMSIG(wait_status)
                                  : WEXITSTATUS(wait_status);
}

}  // namespace

constinit const Syntax kRecordSyntax = {
    .description =
        "Runs PROGRAM and writes a profile of it, and of the programs that it\n"
        "starts, as `relink profile` and passes read it. Needs no perf: the\n"
        "kernel samples the clock of each processor. Functions that `relink "
        "run`\n"
        "moved count where they are in their files. The exit code is "
        "PROGRAM's,\n"
        "or 128 and the number of the signal that ended it.",
    .options = kOptions,
    .operands = {.usage = "PROGRAM [ARGUMENT]...",
                 .min = 1,
                 .max = Operands::kAny,
                 .end_options = true},
};

absl::StatusOr<int> RunRecord(const Arguments& arguments, Console& console) {
  ASSIGN_OR_RETURN(const ProfileFormat* format, OutputFormat(arguments));
  SamplerOptions options = {.call_graph = !arguments.Has("no-call-graph")};
  ASSIGN_OR_RETURN(options.frequency, Frequency(arguments));
  ASSIGN_OR_RETURN(const std::string file,
                   FindProgram(arguments.operands()[0]));
  const std::string path(arguments.Value("output", kOutput));
  ASSIGN_OR_RETURN(OutputFile output, OutputFile::Open(path));
  ASSIGN_OR_RETURN(const MovedFolder moved, MovedFolder::Make());
  console.out().flush();
  ASSIGN_OR_RETURN(
      HeldProgram program,
      HeldProgram::Fork(
          file, {arguments.operands().begin(), arguments.operands().end()},
          {{"RELINK_PERF_MAP", moved.path()}}));
  ASSIGN_OR_RETURN(Sampler sampler, Sampler::Open(program.pid(), options));
  ASSIGN_OR_RETURN(const Recording recording,
                   Record(program, sampler, moved.path()));

  SymbolFiles files;
  const Profile profile = WithBuildIds(recording.profile, files);
  std::ostringstream text;
  RETURN_IF_ERROR(format->write(
      profile, [&files](const ModuleKey& key) { return files.Find(key); },
      text));
  RETURN_IF_ERROR(std::move(output).Write(text.str()));
  if (!arguments.Has("quiet")) {
    profiles::PerfProgress progress = recording.progress;
    progress.modules = profile.modules().size();
    absl::FPrintF(stderr, "relink: %s: %s%s\n", Shown(path),
                  CounterText(progress),
                  sampler.excludes_kernel() ? "; without the kernel" : "");
  }
  return ExitCodeOf(recording.wait_status);
}

}  // namespace relink::tools
