// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/exec/exec.h"

#include <iostream>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "relink/link/program.h"
#include "relink/support/status_macros.h"
#include "tools/relink/find_program.h"
#include "tools/relink/shown_text.h"

namespace relink::tools {
namespace {

constexpr Option kOptions[] = {
    {.name = "argv0",
     .value = "NAME",
     .help = "what PROGRAM is told that it is called (default: PROGRAM)"},
    {.name = "verbose", .help = "say on standard error what is mapped where"},
};

void Describe(const Program& program, std::ostream& err) {
  err << absl::StrFormat("relink: %s: at 0x%x, entry point 0x%x\n",
                         Shown(program.name()), program.base(),
                         program.entry().value());
  if (!program.interpreter().empty()) {
    err << absl::StrFormat("relink: %s: at 0x%x, entry point 0x%x\n",
                           Shown(program.interpreter()),
                           program.interpreter_base(), program.start().value());
  }
  err.flush();
}

}  // namespace

constinit const Syntax kExecSyntax = {
    .description =
        "Becomes PROGRAM, linked statically or dynamically, without "
        "execve(2):\n"
        "maps it and its interpreter into this process, makes the stack that\n"
        "the kernel would make, and jumps to its entry point. Nothing of it "
        "is\n"
        "changed. Writable and executable pages, scripts and set-user-ID\n"
        "programs are refused. The exit code is PROGRAM's.",
    .options = kOptions,
    .operands = {.usage = "PROGRAM [ARGUMENT]...",
                 .min = 1,
                 .max = Operands::kAny,
                 .end_options = true},
};

absl::StatusOr<int> RunExec(const Arguments& arguments, Console& console) {
  Program::Options options;
  for (const absl::string_view word : arguments.operands()) {
    options.arguments.emplace_back(word);
  }
  if (arguments.Has("argv0")) {
    options.arguments[0] = std::string(arguments.Value("argv0"));
  }
  ASSIGN_OR_RETURN(const std::string file,
                   FindProgram(arguments.operands()[0]));
  ASSIGN_OR_RETURN(Program program, Program::Load(file, std::move(options)));
  if (arguments.Has("verbose")) Describe(program, std::cerr);
  console.out().flush();
  std::move(program).Start();
}

}  // namespace relink::tools
