// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/program.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "relink/capi/error.h"
#include "relink/capi/relink.h"
#include "relink/support/status_macros.h"

using relink::Program;
using relink::capi::Answer;
using relink::capi::Require;

struct relink_program {
  Program program;
};

namespace {

std::vector<std::string> StringsOf(const char* const* list) {
  std::vector<std::string> strings;
  for (; list != nullptr && *list != nullptr; ++list) {
    strings.emplace_back(*list);
  }
  return strings;
}

}  // namespace

relink_program* relink_program_load(const char* path,
                                    const char* const* arguments,
                                    const char* const* environment,
                                    relink_error** error) {
  const auto load = [&]() -> absl::StatusOr<relink_program*> {
    RETURN_IF_ERROR(Require({{"path", path}}));
    Program::Options options;
    options.arguments = StringsOf(arguments);
    if (environment != nullptr) options.environment = StringsOf(environment);
    ASSIGN_OR_RETURN(Program program, Program::Load(path, std::move(options)));
    return new relink_program{std::move(program)};
  };
  return Answer(load(), error);
}

void relink_program_free(relink_program* program) { delete program; }

uintptr_t relink_program_entry(const relink_program* program) {
  return program == nullptr ? 0 : program->program.entry().value();
}

const char* relink_program_interpreter(const relink_program* program) {
  return program == nullptr ? nullptr : program->program.interpreter().c_str();
}

void relink_program_start(relink_program* program) {
  if (program != nullptr) std::move(program->program).Start();
}
