// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_COMMAND_LINE_H_
#define RELINK_TOOLS_RELINK_COMMAND_LINE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace relink::tools {

// One option of a subcommand: `--name`, `--name=VALUE` or `--name VALUE`.
struct Option {
  absl::string_view name;  // Without its dashes.
  absl::string_view value =
      "";  // Its value in the usage text; empty: no value.
  absl::string_view help;
  bool repeated = false;  // May be given more than once.
  char letter = 0;        // `-o VALUE` is the same, if it has one.
};

// What may stand on a command line that is not an option.
struct Operands {
  absl::string_view usage = "";  // In the usage line, e.g. "FILE...".
  size_t min = 0;
  size_t max = 0;
  // The first operand ends the options: what follows it belongs to the program
  // that it names.
  bool end_options = false;

  static constexpr size_t kAny = SIZE_MAX;
};

// The declaration of a subcommand's arguments. Parser and usage text read it;
// `--help` and `--` are understood everywhere.
struct Syntax {
  absl::string_view description;
  std::span<const Option> options;
  Operands operands;
};

// A command line that fits its `Syntax`. Refers to the syntax and to the
// arguments, which must both outlive it.
class Arguments {
 public:
  // Whether the option `name`, which the syntax declares, was given.
  bool Has(absl::string_view name) const;
  // Its last value, or `fallback`.
  absl::string_view Value(absl::string_view name,
                          absl::string_view fallback = "") const;
  // All its values, in order.
  std::vector<absl::string_view> Values(absl::string_view name) const;

  std::span<const absl::string_view> operands() const { return operands_; }

  // `--help` was given; nothing after it was looked at.
  bool help() const { return help_; }

 private:
  friend absl::StatusOr<Arguments> ParseCommandLine(
      const Syntax& syntax, std::span<const absl::string_view> args);

  std::span<const Option> declared_;
  std::vector<std::pair<const Option*, absl::string_view>> options_;
  std::vector<absl::string_view> operands_;
  bool help_ = false;
};

// Every error is a UsageError.
absl::StatusOr<Arguments> ParseCommandLine(
    const Syntax& syntax, std::span<const absl::string_view> args);

// "usage: relink COMMAND ..." with every option, ending in a newline.
std::string UsageText(absl::string_view command, const Syntax& syntax);

// An error of the person at the keyboard, for which `relink` exits with 2: an
// InvalidArgument that IsUsageError recognises.
absl::Status UsageError(absl::string_view message);
bool IsUsageError(const absl::Status& status);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_COMMAND_LINE_H_
