// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/inspect.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"
#include "tools/relink/file_contents.h"
#include "tools/relink/inspect_capability.h"
#include "tools/relink/inspect_facts.h"
#include "tools/relink/inspect_print.h"
#include "tools/relink/json_writer.h"

namespace relink::tools {
namespace {

constexpr Option kOptions[] = {
    {.name = "json", .help = "print every fact, as JSON"},
    {.name = "segments", .help = "list the segments"},
    {.name = "sections", .help = "list the sections"},
    {.name = "symbols", .help = "list the symbols, also in JSON"},
    {.name = "relocations", .help = "list the relocations, also in JSON"},
    {.name = "capability",
     .help = "say how much of the code can be moved, and why not the rest"},
    {.name = "functions", .help = "the same of each function, also in JSON"},
};

InspectTables TablesOf(const Arguments& arguments) {
  return {.segments = arguments.Has("segments"),
          .sections = arguments.Has("sections"),
          .symbols = arguments.Has("symbols"),
          .relocations = arguments.Has("relocations"),
          .functions = arguments.Has("functions")};
}

// One run of the subcommand.
class Inspector {
 public:
  Inspector(const Arguments& arguments, Console& console)
      : tables_(TablesOf(arguments)),
        wants_code_(arguments.Has("capability") || tables_.functions),
        console_(console) {
    if (arguments.Has("json")) json_.emplace(console.out());
  }

  int Run(std::span<const absl::string_view> paths) {
    const bool array = json_ && paths.size() > 1;
    if (array) json_->BeginArray();
    for (absl::string_view path : paths) {
      const absl::Status status = InspectFile(std::string(path));
      if (status.ok()) continue;
      Report(status);
      if (json_) PrintJsonError(path, status, *json_);
    }
    if (array) json_->EndArray();
    return failed_ ? 1 : 0;
  }

 private:
  absl::Status InspectFile(const std::string& path) {
    ASSIGN_OR_RETURN(const FileContents contents, FileContents::Read(path));
    const ByteView bytes = contents.bytes();
    if (bytes.size() == 0) {
      return absl::InvalidArgumentError(absl::StrCat(path, ": file is empty"));
    }
    const auto facts = CollectFacts(bytes);
    if (!facts.ok()) return ToStatus(facts.error(), path);
    std::optional<FileCode> code;
    if (wants_code_) {
      ASSIGN_OR_RETURN(code, FileCode::Open(bytes, path));
    }
    const Inspection inspection = {.path = path,
                                   .bytes = bytes,
                                   .facts = *facts,
                                   .tables = tables_,
                                   .code = code ? &*code : nullptr};
    if (json_) {
      PrintJson(inspection, *json_);
    } else {
      if (printed_) console_.out() << '\n';
      PrintText(inspection, console_.out());
    }
    printed_ = true;
    for (const absl::Status& error : facts->errors) {
      Report(Annotate(error, path));
    }
    return absl::OkStatus();
  }

  void Report(const absl::Status& status) {
    console_.Report(status);
    failed_ = true;
  }

  InspectTables tables_;
  bool wants_code_;
  Console& console_;
  std::optional<JsonWriter> json_;
  bool printed_ = false;
  bool failed_ = false;
};

}  // namespace

constinit const Syntax kInspectSyntax = {
    .description = "Prints what ELF files of any machine are made of.",
    .options = kOptions,
    .operands = {.usage = "FILE...", .min = 1, .max = Operands::kAny},
};

absl::StatusOr<int> RunInspect(const Arguments& arguments, Console& console) {
  return Inspector(arguments, console).Run(arguments.operands());
}

}  // namespace relink::tools
