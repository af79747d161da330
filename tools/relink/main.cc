// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <fcntl.h>
#include <unistd.h>

#include <iostream>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "relink/capi/relink.h"
#include "relink/support/nearest_name.h"
#include "relink/support/status_macros.h"
#include "tools/relink/command.h"
#include "tools/relink/emit/emit.h"
#include "tools/relink/exec/exec.h"
#include "tools/relink/inspect.h"
#include "tools/relink/load.h"
#include "tools/relink/passes.h"
#include "tools/relink/plan/plan.h"
#include "tools/relink/profile/profile.h"
#include "tools/relink/record/record.h"
#include "tools/relink/report/report.h"
#include "tools/relink/run/run.h"
#include "tools/relink/verify/verify.h"

namespace relink::tools {
namespace {

constexpr Command kCommands[] = {
    // clang-format off
    {"emit", "write a file for ld.so whose functions passes move", &kEmitSyntax, RunEmit},
    {"exec", "become a program without execve(2)", &kExecSyntax, RunExec},
    {"inspect", "print what ELF files are made of", &kInspectSyntax, RunInspect},
    {"load", "load a file and say what was done", &kLoadSyntax, RunLoad},
    {"passes", "list the passes that a pipeline may name", &kPassesSyntax, RunPasses},
    {"plan", "print where passes would put what", &kPlanSyntax, RunPlan},
    {"profile", "look at profiles, convert and merge them", &kProfileSyntax, RunProfile},
    {"record", "run a program and write a profile of it", &kRecordSyntax, RunRecord},
    {"report", "write a page that shows what passes do", &kReportSyntax, RunReport},
    {"run", "start a program whose functions passes move", &kRunSyntax, RunRun},
    {"verify", "compare loaded libraries with what ld.so makes of them", &kVerifySyntax, RunVerify},
    // clang-format on
};

using Words = std::span<const absl::string_view>;

std::string OverviewText() {
  std::string text = "usage: relink COMMAND [ARGUMENT]...\n\n";
  for (const Command& command : kCommands) {
    absl::StrAppendFormat(&text, "  %-10s  %s\n", command.name, command.help);
  }
  absl::StrAppend(&text,
                  "\n"
                  "  relink help COMMAND  say what its arguments are\n"
                  "  relink --version     print the version\n");
  return text;
}

absl::StatusOr<const Command*> FindCommand(absl::string_view name) {
  std::vector<std::string> names = {"help"};
  for (const Command& command : kCommands) {
    if (command.name == name) return &command;
    names.emplace_back(command.name);
  }
  return UsageError(
      absl::StrCat("unknown command ", name, Suggestion(name, names)));
}

absl::StatusOr<int> RunHelp(Words args, Console& console) {
  if (args.empty()) {
    console.out() << OverviewText();
    return 0;
  }
  if (args.size() > 1) return UsageError("help: expected one COMMAND");
  ASSIGN_OR_RETURN(const Command* command, FindCommand(args[0]));
  console.out() << UsageText(command->name, *command->syntax);
  return 0;
}

absl::StatusOr<int> RunCommand(const Command& command, Words args,
                               Console& console) {
  absl::StatusOr<Arguments> arguments = ParseCommandLine(*command.syntax, args);
  if (!arguments.ok()) {
    return UsageError(
        absl::StrCat(command.name, ": ", arguments.status().message()));
  }
  if (arguments->help()) return RunHelp({&command.name, 1}, console);
  return command.run(*arguments, console);
}

absl::StatusOr<int> Run(Words args, Console& console) {
  if (args.empty()) return UsageError("no command given; see relink --help");
  const absl::string_view name = args[0];
  args = args.subspan(1);
  if (name == "help" || name == "--help" || name == "-h") {
    return RunHelp(args, console);
  }
  if (name == "--version") {
    if (!args.empty()) return UsageError("--version takes no arguments");
    console.out() << "relink " << RELINK_VERSION << '\n';
    return 0;
  }
  ASSIGN_OR_RETURN(const Command* command, FindCommand(name));
  return RunCommand(*command, args, console);
}

// Makes sure that no file that is opened later is taken for one of the standard
// three. What is written to one that was closed still fails.
void OpenStandardDescriptors() {
  int opened = STDIN_FILENO;
  while (opened >= 0 && opened <= STDERR_FILENO) {
    opened = open("/dev/null", O_RDONLY);
  }
  close(opened);
}

int ExitCode(const absl::StatusOr<int>& result, Console& console) {
  if (result.ok()) return *result;
  console.Report(result.status());
  return IsUsageError(result.status()) ? 2 : 1;
}

}  // namespace
}  // namespace relink::tools

int main(int argc, char** argv) {
  using relink::tools::Console;
  using relink::tools::ExitCode;
  relink::tools::OpenStandardDescriptors();
  std::ios::sync_with_stdio(false);
  const std::vector<absl::string_view> args(argv + 1, argv + argc);
  Console console(std::cout, std::cerr);
  const int exit_code = ExitCode(relink::tools::Run(args, console), console);
  if (!std::cout.flush()) {
    console.Report(absl::ResourceExhaustedError("cannot write the output"));
    return 1;
  }
  return exit_code;
}
