// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_INSPECT_H_
#define RELINK_TOOLS_RELINK_INSPECT_H_

#include "absl/status/statusor.h"
#include "tools/relink/command.h"

namespace relink::tools {

// `relink inspect FILE...`: what ELF files are made of, as text or as JSON.
// Files that cannot be read are reported and the others still printed.
extern const Syntax kInspectSyntax;
absl::StatusOr<int> RunInspect(const Arguments& arguments, Console& console);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_INSPECT_H_
