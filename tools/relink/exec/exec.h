// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_EXEC_EXEC_H_
#define RELINK_TOOLS_RELINK_EXEC_EXEC_H_

#include "absl/status/statusor.h"
#include "tools/relink/command.h"
#include "tools/relink/command_line.h"

namespace relink::tools {

extern const Syntax kExecSyntax;

// `relink exec`: becomes a program without execve(2).
absl::StatusOr<int> RunExec(const Arguments& arguments, Console& console);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_EXEC_EXEC_H_
