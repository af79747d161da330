// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/command_line.h"

#include <algorithm>
#include <cassert>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "relink/support/nearest_name.h"
#include "relink/support/status_macros.h"

namespace relink::tools {
namespace {

constexpr absl::string_view kUsagePayload = "relink/usage";
constexpr Option kHelp = {.name = "help", .help = "print this text"};

const Option* FindOption(std::span<const Option> options,
                         absl::string_view name) {
  for (const Option& option : options) {
    if (option.name == name) return &option;
  }
  return nullptr;
}

// The one that is spelled so: "--name", or "-o" if it has a letter.
const Option* FindSpelling(std::span<const Option> options,
                           absl::string_view spelled) {
  if (absl::ConsumePrefix(&spelled, "--")) return FindOption(options, spelled);
  for (const Option& option : options) {
    if (option.letter != 0 && spelled.size() == 2 &&
        spelled[1] == option.letter) {
      return &option;
    }
  }
  return nullptr;
}

absl::Status UnknownOption(const Syntax& syntax, absl::string_view argument) {
  std::vector<std::string> known = {"--help"};
  for (const Option& option : syntax.options) {
    known.push_back(absl::StrCat("--", option.name));
  }
  return UsageError(
      absl::StrCat("unknown option ", argument, Suggestion(argument, known)));
}

absl::Status CheckCount(const Operands& operands, size_t count) {
  if (count < operands.min) {
    return UsageError(count == 0 ? absl::StrCat("no ", operands.usage, " given")
                                 : absl::StrCat("expected ", operands.usage));
  }
  if (count > operands.max) {
    return UsageError(
        operands.max == 0
            ? std::string("takes no operands")
            : absl::StrCat("too many operands: expected ", operands.usage));
  }
  return absl::OkStatus();
}

// "--name=VALUE" as the usage text has it.
std::string Spelling(const Option& option) {
  const std::string letter =
      option.letter != 0
          ? absl::StrCat("-", absl::string_view(&option.letter, 1), ", ")
          : "";
  return option.value.empty()
             ? absl::StrCat(letter, "--", option.name)
             : absl::StrCat(letter, "--", option.name, "=", option.value);
}

}  // namespace

bool Arguments::Has(absl::string_view name) const {
  assert(FindOption(declared_, name) != nullptr);
  return std::any_of(options_.begin(), options_.end(), [&](const auto& given) {
    return given.first->name == name;
  });
}

absl::string_view Arguments::Value(absl::string_view name,
                                   absl::string_view fallback) const {
  const std::vector<absl::string_view> values = Values(name);
  return values.empty() ? fallback : values.back();
}

std::vector<absl::string_view> Arguments::Values(absl::string_view name) const {
  assert(FindOption(declared_, name) != nullptr);
  std::vector<absl::string_view> values;
  for (const auto& [option, value] : options_) {
    if (option->name == name) values.push_back(value);
  }
  return values;
}

absl::StatusOr<Arguments> ParseCommandLine(
    const Syntax& syntax, std::span<const absl::string_view> args) {
  Arguments parsed;
  parsed.declared_ = syntax.options;
  bool options_ended = false;
  for (size_t i = 0; i < args.size(); ++i) {
    absl::string_view name = args[i];
    if (options_ended || name == "-" || !absl::StartsWith(name, "-")) {
      parsed.operands_.push_back(args[i]);
      options_ended = options_ended || syntax.operands.end_options;
      continue;
    }
    if (name == "--") {
      options_ended = true;
      continue;
    }
    if (name == "--help" || name == "-h") {
      parsed.help_ = true;
      return parsed;
    }
    const size_t equals = name.find('=');
    const bool has_value = equals != absl::string_view::npos;
    absl::string_view value;
    if (has_value) {
      value = name.substr(equals + 1);
      name = name.substr(0, equals);
    }
    const absl::string_view spelled = name;
    const Option* option = FindSpelling(syntax.options, spelled);
    if (option == nullptr) return UnknownOption(syntax, spelled);
    if (option->value.empty() && has_value) {
      return UsageError(absl::StrCat("option ", spelled, " takes no value"));
    }
    if (!option->value.empty() && !has_value) {
      if (++i == args.size()) {
        return UsageError(absl::StrCat("option ", spelled,
                                       " needs a value: ", Spelling(*option)));
      }
      value = args[i];
    }
    if (!option->repeated && parsed.Has(option->name)) {
      return UsageError(absl::StrCat("option ", spelled, " given twice"));
    }
    parsed.options_.emplace_back(option, value);
  }
  RETURN_IF_ERROR(CheckCount(syntax.operands, parsed.operands_.size()));
  return parsed;
}

std::string UsageText(absl::string_view command, const Syntax& syntax) {
  std::string text = absl::StrCat("usage: relink ", command);
  if (!syntax.options.empty()) absl::StrAppend(&text, " [OPTION]...");
  if (!syntax.operands.usage.empty()) {
    absl::StrAppend(&text, " ", syntax.operands.usage);
  }
  absl::StrAppend(&text, "\n\n", syntax.description, "\n\n");
  std::vector<Option> options(syntax.options.begin(), syntax.options.end());
  options.push_back(kHelp);
  size_t width = 0;
  for (const Option& option : options) {
    width = std::max(width, Spelling(option).size());
  }
  for (const Option& option : options) {
    absl::StrAppendFormat(&text, "  %-*s  %s%s\n", static_cast<int>(width),
                          Spelling(option), option.help,
                          option.repeated ? " (may be repeated)" : "");
  }
  return text;
}

absl::Status UsageError(absl::string_view message) {
  absl::Status status = absl::InvalidArgumentError(message);
  status.SetPayload(kUsagePayload, absl::Cord());
  return status;
}

bool IsUsageError(const absl::Status& status) {
  return status.GetPayload(kUsagePayload).has_value();
}

}  // namespace relink::tools
