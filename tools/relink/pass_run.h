// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_PASS_RUN_H_
#define RELINK_TOOLS_RELINK_PASS_RUN_H_

#include <array>
#include <cstddef>
#include <fstream>
#include <memory>
#include <optional>
#include <ostream>

#include "absl/status/statusor.h"
#include "relink/link/pipeline.h"
#include "relink/pass/instrumentation.h"
#include "relink/pass/pass_context.h"
#include "relink/pass/remark.h"
#include "tools/relink/command_line.h"

namespace relink::tools {

// The options of subcommands that run passes.
inline constexpr std::array<Option, 10> kPassOptions = {{
    {.name = "passes",
     .value = "TEXT",
     .help = "run these passes, as in split-functions,order<by=cdsort>,place"},
    {.name = "load-pass-plugin",
     .value = "FILE",
     .help = "take the passes of this plugin, too",
     .repeated = true},
    {.name = "remarks",
     .value = "FILE",
     .help = "write there what passes did and refused, one JSON object a line"},
    {.name = "time-passes", .help = "print how long each pass took"},
    {.name = "print-before",
     .value = "PASS,...",
     .help = "print what these passes are given; all: of each"},
    {.name = "print-after",
     .value = "PASS,...",
     .help = "print what these passes made of it; all: of each"},
    {.name = "print-changed", .help = "print what each pass changed"},
    {.name = "verify-each", .help = "verify the graph after each pass"},
    {.name = "stop-after", .value = "PASS", .help = "run no pass behind it"},
    {.name = "bisect-limit",
     .value = "N",
     .help = "number the passes and run the first N; -1: all"},
}};

// The options `first` and `second`, for a Syntax.
template <size_t kFirst, size_t kSecond>
constexpr std::array<Option, kFirst + kSecond> JoinOptions(
    const Option (&first)[kFirst], const std::array<Option, kSecond>& second) {
  std::array<Option, kFirst + kSecond> joined{};
  for (size_t i = 0; i < kFirst; ++i) joined[i] = first[i];
  for (size_t i = 0; i < kSecond; ++i) joined[kFirst + i] = second[i];
  return joined;
}

// A pipeline as a command line names it, watched as that says.
class PassRun {
 public:
  // What is asked to be printed goes to `out`, which must outlive the run.
  // UsageError: an option is malformed.  NotFound: cannot write remarks.
  // Others are of loading plugins.
  static absl::StatusOr<std::unique_ptr<PassRun>> Create(
      const Arguments& arguments, std::ostream& out);

  // For Loader::Options: null if no passes were named.
  const Pipeline* pipeline() const {
    return pipeline_.has_value() ? &*pipeline_ : nullptr;
  }
  // Prints what is told at the end.
  void Finish() { instrumentation_.Finish(); }

 private:
  PassRun(PassInstrumentationOptions options, std::ostream& out)
      : instrumentation_(std::move(options), out) {}

  std::ofstream remarks_file_;
  std::optional<JsonLinesRemarks> remarks_;
  PassInstrumentation instrumentation_;
  PassContext context_;
  std::optional<Pipeline> pipeline_;
};

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_PASS_RUN_H_
