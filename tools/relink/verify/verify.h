// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_VERIFY_VERIFY_H_
#define RELINK_TOOLS_RELINK_VERIFY_VERIFY_H_

#include "absl/status/statusor.h"
#include "tools/relink/command.h"
#include "tools/relink/command_line.h"

namespace relink::tools {

// `relink verify`: loads files beside ld.so and compares the results.
extern const Syntax kVerifySyntax;
absl::StatusOr<int> RunVerify(const Arguments& arguments, Console& console);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_VERIFY_VERIFY_H_
