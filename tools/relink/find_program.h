// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_FIND_PROGRAM_H_
#define RELINK_TOOLS_RELINK_FIND_PROGRAM_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace relink::tools {

// The file that execvp(3) would execute for `name`. NotFound.
absl::StatusOr<std::string> FindProgram(absl::string_view name);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_FIND_PROGRAM_H_
