// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_PROFILE_PROFILE_H_
#define RELINK_TOOLS_RELINK_PROFILE_PROFILE_H_

#include "absl/status/statusor.h"
#include "tools/relink/command.h"
#include "tools/relink/command_line.h"

namespace relink::tools {

// `relink profile`: looks at profiles of any format, converts and merges them.
extern const Syntax kProfileSyntax;
absl::StatusOr<int> RunProfile(const Arguments& arguments, Console& console);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_PROFILE_PROFILE_H_
