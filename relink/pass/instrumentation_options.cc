// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/pass/instrumentation_options.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "relink/support/nearest_name.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

using Options = PassInstrumentationOptions;

absl::Status Select(absl::string_view value, PassSelection& selection) {
  if (value.empty()) {
    selection.all = true;
    return absl::OkStatus();
  }
  for (absl::string_view name : absl::StrSplit(value, ',')) {
    if (name.empty()) return absl::InvalidArgumentError("a name is missing");
    selection.names.emplace_back(name);
  }
  return absl::OkStatus();
}

absl::Status SetBisectLimit(absl::string_view value, Options& options) {
  int64_t limit;
  if (!absl::SimpleAtoi(value, &limit)) {
    return absl::InvalidArgumentError("expected a number");
  }
  options.bisect_limit = limit;
  return absl::OkStatus();
}

absl::Status Set(bool& option) {
  option = true;
  return absl::OkStatus();
}

constexpr InstrumentationFlag kFlags[] = {
    {"time-passes", "", false, "print how long each pass took"},
    {"print-before", "PASS,...", true, "print the unit before these passes"},
    {"print-after", "PASS,...", true, "print the unit after these passes"},
    {"print-changed", "", false, "print what each pass changed"},
    {"verify-each", "", false, "verify the unit after each pass"},
    {"stop-after", "PASS", false, "run no pass behind this one"},
    {"bisect-limit", "N", false,
     "number the passes and run the first N; -1: all"},
};

absl::Status SetFlag(absl::string_view name, absl::string_view value,
                     Options& options) {
  if (name == "time-passes") return Set(options.time_passes);
  if (name == "print-before") return Select(value, options.print_before);
  if (name == "print-after") return Select(value, options.print_after);
  if (name == "print-changed") return Set(options.print_changed);
  if (name == "verify-each") return Set(options.verify_each);
  if (name == "bisect-limit") return SetBisectLimit(value, options);
  options.stop_after = std::string(value);
  return absl::OkStatus();
}

}  // namespace

bool PassSelection::Has(absl::string_view name) const {
  return all || std::ranges::find(names, name) != names.end();
}

std::span<const InstrumentationFlag> InstrumentationFlags() { return kFlags; }

absl::Status SetInstrumentationOption(absl::string_view name,
                                      std::optional<absl::string_view> value,
                                      PassInstrumentationOptions& options) {
  const InstrumentationFlag* flag =
      std::ranges::find(kFlags, name, &InstrumentationFlag::name);
  if (flag == std::end(kFlags)) {
    std::vector<std::string> names;
    for (const InstrumentationFlag& known : kFlags) {
      names.push_back(absl::StrCat("--", known.name));
    }
    const std::string written = absl::StrCat("--", name);
    return absl::NotFoundError(
        absl::StrCat("unknown option ", written, Suggestion(written, names)));
  }
  const auto refuse = [&](absl::string_view why) {
    return absl::InvalidArgumentError(
        absl::StrCat("option --", name, ": ", why));
  };
  if (flag->value.empty() && value.has_value()) return refuse("takes no value");
  if (value.has_value() ? value->empty()
                        : !flag->value.empty() && !flag->value_optional) {
    return refuse(absl::StrCat("needs a value: --", name, "=", flag->value));
  }
  const absl::Status status = SetFlag(name, value.value_or(""), options);
  return status.ok() ? status : refuse(status.message());
}

absl::Status SetInstrumentationOptions(absl::string_view text,
                                       PassInstrumentationOptions& options) {
  for (absl::string_view word :
       absl::StrSplit(text, absl::ByAnyChar(" \t\n"), absl::SkipEmpty())) {
    absl::string_view name = word;
    if (!absl::ConsumePrefix(&name, "--")) {
      return absl::InvalidArgumentError(
          absl::StrCat("expected an option, not ", word));
    }
    std::optional<absl::string_view> value;
    if (const size_t equals = name.find('='); equals != name.npos) {
      value = name.substr(equals + 1);
      name = name.substr(0, equals);
    }
    RETURN_IF_ERROR(SetInstrumentationOption(name, value, options));
  }
  return absl::OkStatus();
}

}  // namespace relink
