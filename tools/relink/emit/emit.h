// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_EMIT_EMIT_H_
#define RELINK_TOOLS_RELINK_EMIT_EMIT_H_

#include "absl/status/statusor.h"
#include "tools/relink/command.h"

namespace relink::tools {

// `relink emit`: writes a file whose functions lie as passes say.
extern const Syntax kEmitSyntax;
absl::StatusOr<int> RunEmit(const Arguments& arguments, Console& console);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_EMIT_EMIT_H_
