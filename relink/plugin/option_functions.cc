// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/plugin/option_functions.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "relink/pass/pass_option.h"
#include "relink/plugin/sized_struct.h"

namespace relink {
namespace {

static_assert(static_cast<int>(OptionType::kList) == RELINK_LIST);

relink_code Finish(relink_options* options, absl::Status status) {
  if (status.ok()) return RELINK_OK;
  options->error = std::move(status);
  return static_cast<relink_code>(options->error.raw_code());
}

relink_string Keep(relink_options* options, std::string text) {
  return PluginString(options->texts.emplace_back(std::move(text)));
}

absl::Status Read(relink_options* handle, absl::string_view name,
                  relink_option_value* value) {
  const PassOptions& options = handle->options;
  const auto declared =
      std::ranges::find(options.declared(), name, &PassOption::name);
  if (declared == options.declared().end()) {
    return absl::NotFoundError(absl::StrCat("no option ", name));
  }
  relink_option_value filled = {};
  filled.type = static_cast<uint32_t>(declared->type);
  filled.is_given = options.Given(name) ? 1 : 0;
  switch (declared->type) {
    case OptionType::kFlag:
      filled.flag = options.Flag(name) ? 1 : 0;
      break;
    case OptionType::kInteger:
      filled.integer = options.Integer(name);
      break;
    case OptionType::kSize:
      filled.bytes = options.Size(name);
      break;
    case OptionType::kReal:
      filled.real = options.Real(name);
      break;
    case OptionType::kChoice:
      filled.text = Keep(handle, options.Choice(name));
      break;
    case OptionType::kText:
      filled.text = Keep(handle, options.Text(name));
      break;
    case OptionType::kList: {
      std::vector<relink_string>& list = handle->lists.emplace_back();
      for (std::string& item : options.List(name)) {
        list.push_back(Keep(handle, std::move(item)));
      }
      filled.list = list.data();
      filled.list_size = list.size();
      break;
    }
  }
  return FillSized(filled, value);
}

}  // namespace

void SetOptionFunctions(relink_host& host) {
  host.option_value = [](relink_options* options, relink_string name,
                         relink_option_value* value) {
    return Finish(options, Read(options, View(name), value));
  };
  host.refuse_option = [](relink_options* options, relink_string name,
                          relink_string message) {
    const auto declared = std::ranges::find(options->options.declared(),
                                            View(name), &PassOption::name);
    return Finish(
        options,
        declared == options->options.declared().end()
            ? absl::NotFoundError(absl::StrCat("no option ", View(name)))
            : options->options.Refuse(View(name), View(message)));
  };
  host.fail_options = [](relink_options* options, relink_code code,
                         relink_string message) {
    if (code == RELINK_OK) return code;
    Finish(options,
           absl::Status(static_cast<absl::StatusCode>(code), View(message)));
    return code;
  };
}

}  // namespace relink
