// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_RUN_RUN_H_
#define RELINK_TOOLS_RELINK_RUN_RUN_H_

#include "absl/status/statusor.h"
#include "tools/relink/command.h"
#include "tools/relink/command_line.h"

namespace relink::tools {

extern const Syntax kRunSyntax;

// `relink run`: becomes a program whose functions passes move as it starts.
absl::StatusOr<int> RunRun(const Arguments& arguments, Console& console);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_RUN_RUN_H_
