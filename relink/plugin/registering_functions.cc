// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/plugin/registering_functions.h"

#include <cstddef>
#include <cstring>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "relink/pass/pass_option.h"
#include "relink/plugin/sized_struct.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

relink_code Finish(relink_registry* registry, absl::Status status) {
  if (status.ok()) return RELINK_OK;
  const auto code = static_cast<relink_code>(status.raw_code());
  registry->error.Update(std::move(status));
  return code;
}

absl::StatusOr<std::vector<PassOption>> ReadOptions(const relink_pass& pass,
                                                    Plugin& plugin) {
  std::vector<PassOption> options;
  if (pass.option_count == 0) return options;
  if (pass.options == nullptr || pass.option_bytes != sizeof(relink_option)) {
    return absl::InvalidArgumentError(
        "options are null, or option_bytes is not sizeof(relink_option)");
  }
  for (size_t i = 0; i < pass.option_count; ++i) {
    const relink_option& option = pass.options[i];
    if (option.type > RELINK_LIST) {
      return absl::InvalidArgumentError(
          absl::StrCat("option ", View(option.name),
                       ": no type has the number ", option.type));
    }
    options.push_back(
        {plugin.Keep(View(option.name)), static_cast<OptionType>(option.type),
         plugin.Keep(View(option.default_value)),
         plugin.Keep(View(option.help)), plugin.Keep(View(option.choices))});
  }
  return options;
}

absl::Status AddPass(Plugin& plugin, const relink_pass* given) {
  ASSIGN_OR_RETURN(
      const relink_pass pass,
      ReadSized(given, RELINK_SIZE_THROUGH(relink_pass, run), "relink_pass"));
  PluginPassEntry entry = {
      pass, plugin.Keep(View(pass.name)), plugin.Keep(View(pass.help)), {}};
  if (pass.run == nullptr) return absl::InvalidArgumentError("run is null");
  if (pass.unit > RELINK_UNIT_PLACED) {
    return absl::InvalidArgumentError(
        absl::StrCat("no unit has the number ", pass.unit));
  }
  if (pass.least_capability > RELINK_REORDERABLE) {
    return absl::InvalidArgumentError(
        absl::StrCat("no capability has the number ", pass.least_capability));
  }
  ASSIGN_OR_RETURN(entry.options, ReadOptions(pass, plugin));
  plugin.passes.push_back(std::move(entry));
  return absl::OkStatus();
}

absl::Status AddAnalysis(Plugin& plugin, const relink_analysis* given) {
  ASSIGN_OR_RETURN(
      const relink_analysis analysis,
      ReadSized(given, RELINK_SIZE_THROUGH(relink_analysis, destroy),
                "relink_analysis"));
  if (analysis.run == nullptr || analysis.destroy == nullptr) {
    return absl::InvalidArgumentError("run or destroy is null");
  }
  if (analysis.unit != RELINK_UNIT_GRAPH &&
      analysis.unit != RELINK_UNIT_PLACED) {
    return absl::InvalidArgumentError(
        "is neither of a graph nor of what is "
        "placed");
  }
  plugin.analyses.push_back({analysis,
                             {plugin.Keep(View(analysis.name))},
                             plugin.Keep(View(analysis.help))});
  return absl::OkStatus();
}

// The name in a struct that may be too short to have one.
template <typename T>
std::string NameOf(const T* given) {
  const auto read = ReadSized(given, RELINK_SIZE_THROUGH(T, name), "");
  return read.ok() ? std::string(View(read->name)) : "";
}

}  // namespace

void SetRegisteringFunctions(relink_host& host) {
  host.add_pass = [](relink_registry* registry, const relink_pass* pass) {
    return Finish(registry, Annotate(AddPass(registry->plugin, pass),
                                     absl::StrCat("pass ", NameOf(pass))));
  };
  host.add_analysis = [](relink_registry* registry,
                         const relink_analysis* analysis) {
    return Finish(registry,
                  Annotate(AddAnalysis(registry->plugin, analysis),
                           absl::StrCat("analysis ", NameOf(analysis))));
  };
  host.fail_registration = [](relink_registry* registry, relink_code code,
                              relink_string message) {
    if (code == RELINK_OK) return code;
    Finish(registry,
           absl::Status(static_cast<absl::StatusCode>(code), View(message)));
    return code;
  };
}

}  // namespace relink
