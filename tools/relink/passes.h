// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_PASSES_H_
#define RELINK_TOOLS_RELINK_PASSES_H_

#include "absl/status/statusor.h"
#include "tools/relink/command.h"
#include "tools/relink/command_line.h"

namespace relink::tools {

// `relink passes`: lists the passes and analyses that a pipeline may name.
extern const Syntax kPassesSyntax;
absl::StatusOr<int> RunPasses(const Arguments& arguments, Console& console);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_PASSES_H_
