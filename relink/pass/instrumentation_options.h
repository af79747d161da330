// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASS_INSTRUMENTATION_OPTIONS_H_
#define RELINK_PASS_INSTRUMENTATION_OPTIONS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace relink {

// Some passes by name, or all.
struct PassSelection {
  bool all = false;
  std::vector<std::string> names;

  bool Has(absl::string_view name) const;
};

// Which pass of a pipeline is about to run: for a progress bar.
struct PassProgress {
  size_t index = 0;  // From 1.
  size_t count = 0;  // 0 if nobody said.
  absl::string_view pass;
};

// How a run of passes is watched: the same for the command, the C++ API and the
// environment.
struct PassInstrumentationOptions {
  bool time_passes = false;
  PassSelection print_before;
  PassSelection print_after;
  bool print_changed = false;
  bool verify_each = false;
  std::string stop_after;  // Empty: nowhere.
  // Passes behind the one with this number are skipped; negative: none is, but
  // they are numbered.
  std::optional<int64_t> bisect_limit;
  std::function<void(const PassProgress&)> progress;  // Before each pass.
};

// An option as it is written: `--name`, `--name=VALUE`.
struct InstrumentationFlag {
  absl::string_view name;
  absl::string_view value;  // What its value is called; empty: it has none.
  bool value_optional = false;
  absl::string_view help;
};
std::span<const InstrumentationFlag> InstrumentationFlags();

// Sets the option that is called `name`, to `value` if there is one.
// NotFound: there is no such option.  InvalidArgument: not a value of it.
absl::Status SetInstrumentationOption(absl::string_view name,
                                      std::optional<absl::string_view> value,
                                      PassInstrumentationOptions& options);

// Sets those of `text`, as in "--time-passes --print-after=order", with blanks
// between. The environment has them in this variable.
inline constexpr char kInstrumentationVariable[] = "RELINK_PASS_OPTIONS";
absl::Status SetInstrumentationOptions(absl::string_view text,
                                       PassInstrumentationOptions& options);

}  // namespace relink

#endif  // RELINK_PASS_INSTRUMENTATION_OPTIONS_H_
