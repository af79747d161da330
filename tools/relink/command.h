// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_COMMAND_H_
#define RELINK_TOOLS_RELINK_COMMAND_H_

#include <ostream>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "tools/relink/command_line.h"
#include "tools/relink/shown_text.h"

namespace relink::tools {

// Where a subcommand writes: its results, and the errors that do not end it.
class Console {
 public:
  // Both must outlive the console.
  Console(std::ostream& out, std::ostream& err) : out_(out), err_(err) {}

  std::ostream& out() { return out_; }

  // Prints "relink: message", after all that was written to `out` so far. On
  // one line, but for mistakes on the command line, which may be shown there.
  void Report(const absl::Status& status) {
    out_.flush();
    err_ << "relink: ";
    if (IsUsageError(status)) {
      for (absl::string_view line : absl::StrSplit(status.message(), '\n')) {
        err_ << Shown(line) << '\n';
      }
      err_.flush();
    } else {
      err_ << Shown(status.message()) << std::endl;
    }
  }

 private:
  std::ostream& out_;
  std::ostream& err_;
};

// A row of the table in main.cc.
struct Command {
  absl::string_view name;
  absl::string_view help;  // One line for `relink --help`.
  const Syntax* syntax;

  // Returns the exit code: 0, 1 for a failure that was reported, or that of the
  // program that was run. main reports an error, and exits with 2 for a
  // UsageError, 1 for any other.
  absl::StatusOr<int> (*run)(const Arguments& arguments, Console& console);
};

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_COMMAND_H_
