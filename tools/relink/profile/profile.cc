// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/profile/profile.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <span>
#include <sstream>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "profiles/formats.h"
#include "profiles/profile.h"
#include "profiles/symbols/function_table.h"
#include "profiles/symbols/name_places.h"
#include "relink/support/nearest_name.h"
#include "relink/support/status_macros.h"
#include "tools/relink/profile/profile_input.h"
#include "tools/relink/profile/profile_print.h"
#include "tools/relink/profile/symbol_files.h"

namespace relink::tools {
namespace {

using profiles::Profile;
using profiles::ProfileFormat;

constexpr Option kOptions[] = {
    {.name = "output",
     .value = "FILE",
     .help = "convert, merge: write there (default: standard output)",
     .letter = 'o'},
    {.name = "format",
     .value = "FORMAT",
     .help = "convert, merge: what to write (default: own)"},
    {.name = "binary",
     .value = "FILE",
     .help = "take symbols from this file, too, if its build-id is a module's",
     .repeated = true},
    {.name = "top",
     .value = "N",
     .help = "show: so many functions (default: 20)"},
    {.name = "names",
     .help =
         "convert, merge: keep functions' names instead of addresses, which "
         "say something of other builds, too"},
    {.name = "json", .help = "show: print it as JSON"},
    {.name = "from",
     .value = "FORMAT",
     .help = "what the inputs are, if their contents do not tell"},
    {.name = "event",
     .value = "EVENT",
     .help = "of a recording of several, count this one: its name, or its "
             "number from 0 (default: the first that samples)"},
    {.name = "moved",
     .value = "FOLDER",
     .help = "of a recording of perf, count what `relink run --perf-map` moved "
             "where it came from: FOLDER has its relink-PID.map files"},
    {.name = "scale", .value = "FACTOR", .help = "multiply all counts by it"},
    {.name = "decay",
     .value = "FACTOR",
     .help = "multiply each input by it once for every input after it: give "
             "the oldest first"},
};

absl::StatusOr<profiles::SymbolSource> Symbols(const Arguments& arguments,
                                               SymbolFiles& files) {
  for (const absl::string_view path : arguments.Values("binary")) {
    RETURN_IF_ERROR(files.Add(std::string(path)));
  }
  return [&files](const profiles::ModuleKey& key) { return files.Find(key); };
}

absl::StatusOr<int> Show(const Arguments& arguments, const Profile& profile,
                         Console& console) {
  size_t top = 20;
  if (arguments.Has("top") && !absl::SimpleAtoi(arguments.Value("top"), &top)) {
    return UsageError(absl::StrCat("profile: --top: ", arguments.Value("top"),
                                   " is not a number"));
  }
  SymbolFiles files;
  ASSIGN_OR_RETURN(const auto symbols, Symbols(arguments, files));
  const profiles::FunctionTable functions(profile, symbols);
  const ShownProfile shown = {profile, functions, top};
  if (arguments.Has("json")) {
    PrintProfileJson(shown, console.out());
  } else {
    PrintProfileText(shown, console.out());
  }
  return 0;
}

absl::StatusOr<const ProfileFormat*> OutputFormat(const Arguments& arguments) {
  const absl::string_view name = arguments.Value("format", "own");
  const auto format = profiles::FindFormat(name);
  if (!format.ok()) {
    return UsageError(
        absl::StrCat("profile: --format: ", format.status().message()));
  }
  if ((*format)->write != nullptr) return *format;
  return UsageError(
      absl::StrCat("profile: --format: ", name, " can only be read"));
}

absl::Status Write(const Arguments& arguments, const ProfileFormat& format,
                   const Profile& profile, Console& console) {
  SymbolFiles files;
  ASSIGN_OR_RETURN(const auto symbols, Symbols(arguments, files));
  if (!arguments.Has("output")) {
    return format.write(profile, symbols, console.out());
  }
  // Only a file that is complete takes the place of what was there.
  std::ostringstream text;
  RETURN_IF_ERROR(format.write(profile, symbols, text));
  const std::string path(arguments.Value("output"));
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  if (!(file << text.str() << std::flush)) {
    return absl::ResourceExhaustedError(
        absl::StrCat(path, ": cannot write: ", std::strerror(errno)));
  }
  return absl::OkStatus();
}

int ListFormats(Console& console) {
  for (const ProfileFormat& format : profiles::ProfileFormats()) {
    console.out() << absl::StreamFormat("%-24s %-17s %s\n", format.name,
                                        format.read == nullptr ? "written"
                                        : format.write == nullptr
                                            ? "read"
                                            : "read, written",
                                        format.help);
  }
  return 0;
}

}  // namespace

const Syntax kProfileSyntax = {
    .description =
        "Looks at profiles of how programs ran, converts and merges them:\n"
        "\n"
        "  show FILE...     prints what is in all of them together\n"
        "  convert FILE...  writes that as another format\n"
        "  merge FILE...    the same\n"
        "  formats          lists the formats\n"
        "\n"
        "What a FILE is, its contents say, even if they are compressed with "
        "gzip\n"
        "or zstd. - is standard input.",
    .options = kOptions,
    .operands = {.usage = "ACTION [FILE]...", .min = 1, .max = Operands::kAny},
};

absl::StatusOr<int> RunProfile(const Arguments& arguments, Console& console) {
  const absl::string_view action = arguments.operands()[0];
  const auto paths = arguments.operands().subspan(1);
  if (action == "formats" && paths.empty()) return ListFormats(console);
  if (paths.empty()) return UsageError("profile: no FILE given");
  if (action == "show") {
    ASSIGN_OR_RETURN(const Profile profile, ReadInputs(arguments, paths));
    return Show(arguments, profile, console);
  }
  if (action != "convert" && action != "merge") {
    return UsageError(absl::StrCat(
        "profile: no action ", action,
        Suggestion(action, {"show", "convert", "merge", "formats"})));
  }
  ASSIGN_OR_RETURN(const ProfileFormat* format, OutputFormat(arguments));
  if (!arguments.Has("output") && isatty(STDOUT_FILENO) != 0 &&
      format->is_binary) {
    return UsageError("profile: not to a terminal; give it an -o FILE");
  }
  ASSIGN_OR_RETURN(Profile profile, ReadInputs(arguments, paths));
  if (arguments.Has("names")) {
    SymbolFiles files;
    ASSIGN_OR_RETURN(const auto symbols, Symbols(arguments, files));
    profile = profiles::NamePlaces(profile, symbols);
  }
  RETURN_IF_ERROR(Write(arguments, *format, profile, console));
  return 0;
}

}  // namespace relink::tools
