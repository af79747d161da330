// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/pass/pass_options.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "absl/strings/str_cat.h"
#include "relink/support/nearest_name.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

size_t IndexOf(std::span<const PassOption> declared, absl::string_view name) {
  return std::ranges::find(declared, name, &PassOption::name) -
         declared.begin();
}

// Whether parsing an option's name gives it back.
bool CanBeWritten(absl::string_view name) {
  const auto passes = ParsePipelineText(absl::StrCat("pass<", name, ">"));
  return passes.ok() && passes->size() == 1 &&
         (*passes)[0].options.size() == 1 &&
         (*passes)[0].options[0].name == name;
}

}  // namespace

absl::StatusOr<PassOptions> PassOptions::Parse(
    std::span<const PassOption> declared, absl::string_view text) {
  const std::string pipeline = absl::StrCat("pass<", text, ">");
  ASSIGN_OR_RETURN(const std::vector<PassText> passes,
                   ParsePipelineText(pipeline));
  return Read(declared, passes[0], pipeline);
}

absl::StatusOr<PassOptions> PassOptions::Read(
    std::span<const PassOption> declared, const PassText& pass,
    absl::string_view pipeline) {
  PassOptions options;
  options.declared_ = declared;
  options.pipeline_ = std::string(pipeline);
  options.pass_span_ = pass.span;
  for (const PassOption& option : declared) {
    absl::StatusOr<OptionValue> value = DefaultValue(option);
    if (!value.ok()) {
      return absl::InternalError(absl::StrCat("pass ", pass.name,
                                              ": default of ", option.name,
                                              ": ", value.status().message()));
    }
    options.slots_.push_back({*std::move(value)});
  }
  for (const OptionText& option : pass.options) {
    RETURN_IF_ERROR(options.ReadOption(option));
  }
  return options;
}

absl::Status PassOptions::ReadOption(const OptionText& option) {
  const size_t index = IndexOf(declared_, option.name);
  if (index == declared_.size()) {
    std::vector<std::string> names;
    for (const PassOption& known : declared_) names.emplace_back(known.name);
    return Error(option.name_span,
                 absl::StrCat("unknown option ", option.name,
                              Suggestion(option.name, names)));
  }
  Slot& slot = slots_[index];
  if (slot.given) {
    return Error(option.name_span,
                 absl::StrCat("option ", option.name, " is given twice"));
  }
  const bool has_value = option.form != OptionText::Form::kName;
  slot.span = has_value ? option.value_span : option.name_span;
  absl::StatusOr<OptionValue> value = ReadValue(declared_[index], option);
  if (!value.ok()) return Error(slot.span, value.status().message());
  slot.value = *std::move(value);
  slot.given = true;
  return absl::OkStatus();
}

absl::Status PassOptions::Error(TextSpan span,
                                absl::string_view message) const {
  return PipelineError(pipeline_, span, message);
}

const PassOptions::Slot* PassOptions::Find(absl::string_view name) const {
  const size_t index = IndexOf(declared_, name);
  assert(index < slots_.size());
  return index < slots_.size() ? &slots_[index] : nullptr;
}

template <typename T>
T PassOptions::Get(absl::string_view name, OptionType type) const {
  const size_t index = IndexOf(declared_, name);
  const bool as_declared =
      index < slots_.size() && declared_[index].type == type;
  assert(as_declared);
  const T* value = as_declared ? std::get_if<T>(&slots_[index].value) : nullptr;
  return value == nullptr ? T() : *value;
}

bool PassOptions::Flag(absl::string_view name) const {
  return Get<bool>(name, OptionType::kFlag);
}
int64_t PassOptions::Integer(absl::string_view name) const {
  return Get<int64_t>(name, OptionType::kInteger);
}
uint64_t PassOptions::Size(absl::string_view name) const {
  return Get<uint64_t>(name, OptionType::kSize);
}
double PassOptions::Real(absl::string_view name) const {
  return Get<double>(name, OptionType::kReal);
}
std::string PassOptions::Choice(absl::string_view name) const {
  return Get<std::string>(name, OptionType::kChoice);
}
std::string PassOptions::Text(absl::string_view name) const {
  return Get<std::string>(name, OptionType::kText);
}
std::vector<std::string> PassOptions::List(absl::string_view name) const {
  return Get<std::vector<std::string>>(name, OptionType::kList);
}

bool PassOptions::Given(absl::string_view name) const {
  const Slot* slot = Find(name);
  return slot != nullptr && slot->given;
}

absl::Status PassOptions::Refuse(absl::string_view name,
                                 absl::string_view message) const {
  const Slot* slot = Find(name);
  const bool given = slot != nullptr && slot->given;
  return Error(given ? slot->span : pass_span_,
               absl::StrCat(name, ": ", message));
}

absl::Status CheckDeclarations(std::span<const PassOption> declared) {
  for (size_t i = 0; i < declared.size(); ++i) {
    const PassOption& option = declared[i];
    if (!CanBeWritten(option.name)) {
      return absl::InvalidArgumentError(
          absl::StrCat("option '", option.name, "': not a name"));
    }
    if (IndexOf(declared, option.name) != i) {
      return absl::InvalidArgumentError(
          absl::StrCat("option ", option.name, ": declared twice"));
    }
    RETURN_IF_ERROR(Annotate(DefaultValue(option).status(),
                             absl::StrCat("default of option ", option.name)));
  }
  return absl::OkStatus();
}

}  // namespace relink
