// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_LOAD_H_
#define RELINK_TOOLS_RELINK_LOAD_H_

#include "absl/status/statusor.h"
#include "tools/relink/command.h"
#include "tools/relink/command_line.h"

namespace relink::tools {

// `relink load`: loads a file into this process and says what was done.
extern const Syntax kLoadSyntax;
absl::StatusOr<int> RunLoad(const Arguments& arguments, Console& console);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_LOAD_H_
