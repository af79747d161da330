// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PLUGIN_OPTION_FUNCTIONS_H_
#define RELINK_PLUGIN_OPTION_FUNCTIONS_H_

#include <deque>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "relink/pass/pass_options.h"
#include "relink/plugin/relink_pass_plugin.h"

// What a plugin makes a pass of. The C header declares the name.
struct relink_options {  // NOLINT(readability-identifier-naming): a name of C.
  explicit relink_options(const relink::PassOptions& given) : options(given) {}

  const relink::PassOptions& options;
  absl::Status error;             // Of the last call that failed.
  std::deque<std::string> texts;  // Given to the plugin until it returns.
  std::deque<std::vector<relink_string>> lists;
};

namespace relink {

// Sets the functions of `host` that read options.
void SetOptionFunctions(relink_host& host);

}  // namespace relink

#endif  // RELINK_PLUGIN_OPTION_FUNCTIONS_H_
