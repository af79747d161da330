// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_RECORD_RECORD_H_
#define RELINK_TOOLS_RELINK_RECORD_RECORD_H_

#include "absl/status/statusor.h"
#include "tools/relink/command.h"
#include "tools/relink/command_line.h"

namespace relink::tools {

extern const Syntax kRecordSyntax;

// `relink record`: runs a program and writes a profile of it.
absl::StatusOr<int> RunRecord(const Arguments& arguments, Console& console);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_RECORD_RECORD_H_
