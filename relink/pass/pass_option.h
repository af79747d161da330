// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASS_PASS_OPTION_H_
#define RELINK_PASS_PASS_OPTION_H_

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/pass/pipeline_text.h"

namespace relink {

enum class OptionType : uint8_t {
  kFlag,     // `name`, `name=true` or `name=false`.
  kInteger,  // Of 64 bits, with a sign: 3, -1, 0x10.
  kSize,     // Of 64 bits, without: 4096, 0x1000, 64K, 2M, 1G, 1T.
  kReal,     // 0.5, 1e6.
  kChoice,   // One of the names in PassOption::choices.
  kText,
  kList,  // [a,b], or one value.
};

// The declaration of an option of a pass.
struct PassOption {
  absl::string_view name = {};
  OptionType type = OptionType::kFlag;
  // As it is written in a pipeline (a list with its brackets), empty for false,
  // 0, no text or no choice.
  absl::string_view default_value = {};
  absl::string_view help = {};     // One line.
  absl::string_view choices = {};  // "c3|cdsort", if kChoice.
};

// Of the option's type: a choice is a string.
using OptionValue = std::variant<bool, int64_t, uint64_t, double, std::string,
                                 std::vector<std::string>>;

// The value of `option` as it was written. InvalidArgument: it is not of its
// type; the message says what is expected, without a place.
absl::StatusOr<OptionValue> ReadValue(const PassOption& option,
                                      const OptionText& text);

// The one that it has if it is not written. InvalidArgument: it is not of its
// type.
absl::StatusOr<OptionValue> DefaultValue(const PassOption& option);

absl::string_view Name(OptionType type);

// "algorithm=c3|cdsort" or "page=SIZE", for lists of options.
std::string Usage(const PassOption& option);

}  // namespace relink

#endif  // RELINK_PASS_PASS_OPTION_H_
