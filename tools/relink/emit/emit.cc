// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/emit/emit.h"

#include <sys/stat.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "relink/emit/emit_elf.h"
#include "relink/ir/module_source.h"
#include "relink/support/status_macros.h"
#include "tools/relink/command_line.h"
#include "tools/relink/emit/replace_file.h"
#include "tools/relink/json_writer.h"
#include "tools/relink/pass_run.h"

namespace relink::tools {
namespace {

constexpr Option kOwnOptions[] = {
    {.name = "output",
     .value = "FILE",
     .help = "write there, which may be the file itself",
     .letter = 'o'},
    {.name = "map",
     .value = "FILE",
     .help = "write there where each function was and is"},
    {.name = "json", .help = "print what was done as JSON"},
};
constexpr auto kOptions = JoinOptions(kOwnOptions, kPassOptions);

// What programs may do to it, as to the input.
absl::StatusOr<mode_t> ModeOf(const std::string& path) {
  struct stat facts;
  if (stat(path.c_str(), &facts) != 0) {
    return absl::NotFoundError(absl::StrCat(path, ": cannot stat"));
  }
  // An owner's rights are not given on with a copy.
  return facts.st_mode & 0777;
}

void PrintText(const EmittedElf& emitted, absl::string_view path,
               std::ostream& out) {
  if (emitted.moved_functions == 0) {
    out << absl::StrFormat("%s: no function moved; it is a copy\n",
                           Shown(path));
    return;
  }
  out << absl::StrFormat(
      "%s: moved %d of %d functions, %d bytes of code; %d unwind records\n",
      Shown(path), emitted.moved_functions, emitted.functions,
      emitted.moved_bytes, emitted.unwind_records);
}

void PrintJson(const EmittedElf& emitted, absl::string_view input,
               absl::string_view path, std::ostream& out) {
  JsonWriter json(out);
  json.BeginObject();
  json.Field("file", input);
  json.Field("output", path);
  json.Field("size", emitted.bytes.size());
  json.Field("functions", emitted.functions);
  json.Field("moved_functions", emitted.moved_functions);
  json.Field("moved_bytes", emitted.moved_bytes);
  json.Field("unwind_records", emitted.unwind_records);
  json.EndObject();
  out << '\n';
}

}  // namespace

constinit const Syntax kEmitSyntax = {
    .description =
        "Runs passes over FILE, a shared object or a position-independent\n"
        "executable, and writes a file for ld.so in which its functions lie "
        "as\n"
        "they say: copies of them in new segments, to which all references "
        "lead.\n"
        "Nothing of FILE is run.",
    .options = kOptions,
    .operands = {.usage = "FILE", .min = 1, .max = 1},
};

absl::StatusOr<int> RunEmit(const Arguments& arguments, Console& console) {
  if (arguments.Value("output").empty()) {
    return UsageError("emit: --output=FILE (-o) says where to write");
  }
  if (!arguments.Has("passes")) {
    return UsageError("emit: --passes=TEXT says what goes where");
  }
  const std::string input(arguments.operands()[0]);
  const std::string output(arguments.Value("output"));
  ASSIGN_OR_RETURN(const std::unique_ptr<PassRun> passes,
                   PassRun::Create(arguments, console.out()));
  ASSIGN_OR_RETURN(ModuleSource source, ModuleSource::Open(input));
  ASSIGN_OR_RETURN(const mode_t mode, ModeOf(input));
  ASSIGN_OR_RETURN(const EmittedElf emitted,
                   EmitElf(std::move(source), *passes->pipeline()));
  passes->Finish();
  ASSIGN_OR_RETURN(ReplacementFile file,
                   ReplacementFile::Write(output, emitted.bytes, mode));
  std::optional<ReplacementFile> map;
  if (arguments.Has("map")) {
    ASSIGN_OR_RETURN(map, ReplacementFile::Write(
                              std::string(arguments.Value("map")),
                              std::as_bytes(std::span(emitted.map)), 0644));
    RETURN_IF_ERROR(map->Commit());
  }
  RETURN_IF_ERROR(file.Commit());
  if (arguments.Has("json")) {
    PrintJson(emitted, input, output, console.out());
  } else {
    PrintText(emitted, output, console.out());
  }
  return 0;
}

}  // namespace relink::tools
