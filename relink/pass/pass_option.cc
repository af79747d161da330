// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/pass/pass_option.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "relink/support/nearest_name.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

absl::Status Expected(absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("expected ", what));
}

std::vector<std::string> Choices(const PassOption& option) {
  return absl::StrSplit(option.choices, '|', absl::SkipEmpty());
}

// Decimal, or hexadecimal behind 0x, without a sign.
std::optional<uint64_t> ReadUnsigned(absl::string_view text) {
  uint64_t value;
  const bool hexadecimal = absl::ConsumePrefix(&text, "0x");
  if (text.empty() ||
      !absl::ascii_isxdigit(static_cast<unsigned char>(text[0]))) {
    return std::nullopt;  // Not the signs and blanks that Abseil takes.
  }
  if (hexadecimal ? !absl::SimpleHexAtoi(text, &value)
                  : !absl::SimpleAtoi(text, &value)) {
    return std::nullopt;
  }
  return value;
}

absl::StatusOr<OptionValue> ReadInteger(absl::string_view text) {
  const bool negative = absl::ConsumePrefix(&text, "-");
  const std::optional<uint64_t> value = ReadUnsigned(text);
  const auto max = uint64_t{std::numeric_limits<int64_t>::max()};
  if (!value.has_value() || *value > max + (negative ? 1 : 0)) {
    return Expected("an integer of 64 bits");
  }
  return static_cast<int64_t>(negative ? 0 - *value : *value);
}

absl::StatusOr<OptionValue> ReadSize(absl::string_view text) {
  constexpr absl::string_view kSuffixes = "KMGT";
  int shift = 0;
  if (!text.empty()) {
    const size_t suffix = kSuffixes.find(text.back());
    if (suffix != absl::string_view::npos) {
      shift = 10 * static_cast<int>(suffix + 1);
      text.remove_suffix(1);
    }
  }
  const std::optional<uint64_t> value = ReadUnsigned(text);
  if (!value.has_value()) return Expected("a size such as 4096, 64K or 2M");
  if (*value > UINT64_MAX >> shift) return Expected("a size of 64 bits");
  return *value << shift;
}

absl::StatusOr<OptionValue> ReadReal(absl::string_view text) {
  double value;
  if (!absl::SimpleAtod(text, &value) || value - value != 0) {
    return Expected("a number such as 0.5");
  }
  return value;
}

absl::StatusOr<OptionValue> ReadChoice(const PassOption& option,
                                       const std::string& text) {
  const std::vector<std::string> choices = Choices(option);
  for (const std::string& choice : choices) {
    if (choice == text) return text;
  }
  return Expected(absl::StrCat("one of ", absl::StrJoin(choices, ", "),
                               Suggestion(text, choices)));
}

absl::StatusOr<OptionValue> ReadFlag(absl::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return Expected("true or false");
}

}  // namespace

absl::StatusOr<OptionValue> ReadValue(const PassOption& option,
                                      const OptionText& text) {
  if (option.type == OptionType::kList) {
    if (text.form == OptionText::Form::kName) {
      return Expected(absl::StrCat(option.name, "=[VALUE,...]"));
    }
    return text.values;
  }
  if (text.form == OptionText::Form::kList) {
    return Expected(absl::StrCat("one value for ", option.name));
  }
  if (text.form == OptionText::Form::kName) {
    if (option.type == OptionType::kFlag) return true;
    return Expected(Usage(option));
  }
  const std::string& value = text.values[0];
  switch (option.type) {
    case OptionType::kFlag:
      return ReadFlag(value);
    case OptionType::kInteger:
      return ReadInteger(value);
    case OptionType::kSize:
      return ReadSize(value);
    case OptionType::kReal:
      return ReadReal(value);
    case OptionType::kChoice:
      return ReadChoice(option, value);
    case OptionType::kText:
    case OptionType::kList:
      break;
  }
  return value;
}

absl::StatusOr<OptionValue> DefaultValue(const PassOption& option) {
  if (!option.default_value.empty()) {
    // As it would be written.
    ASSIGN_OR_RETURN(const std::vector<PassText> passes,
                     ParsePipelineText(absl::StrCat(
                         "default<value=", option.default_value, ">")));
    if (passes.size() != 1 || passes[0].options.size() != 1) {
      return Expected("one value");
    }
    return ReadValue(option, passes[0].options[0]);
  }
  switch (option.type) {
    case OptionType::kFlag:
      return false;
    case OptionType::kInteger:
      return int64_t{0};
    case OptionType::kSize:
      return uint64_t{0};
    case OptionType::kReal:
      return 0.0;
    case OptionType::kList:
      return std::vector<std::string>();
    case OptionType::kChoice:
    case OptionType::kText:
      break;
  }
  return std::string();
}

absl::string_view Name(OptionType type) {
  switch (type) {
    case OptionType::kFlag:
      return "flag";
    case OptionType::kInteger:
      return "integer";
    case OptionType::kSize:
      return "size";
    case OptionType::kReal:
      return "real";
    case OptionType::kChoice:
      return "choice";
    case OptionType::kText:
      return "text";
    case OptionType::kList:
      return "list";
  }
  return "";
}

std::string Usage(const PassOption& option) {
  switch (option.type) {
    case OptionType::kFlag:
      return std::string(option.name);
    case OptionType::kChoice:
      return absl::StrCat(option.name, "=", option.choices);
    case OptionType::kList:
      return absl::StrCat(option.name, "=[VALUE,...]");
    case OptionType::kInteger:
    case OptionType::kSize:
    case OptionType::kReal:
    case OptionType::kText:
      return absl::StrCat(option.name, "=",
                          absl::AsciiStrToUpper(Name(option.type)));
  }
  return "";
}

}  // namespace relink
