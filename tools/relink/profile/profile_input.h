// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_PROFILE_PROFILE_INPUT_H_
#define RELINK_TOOLS_RELINK_PROFILE_PROFILE_INPUT_H_

#include <span>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "profiles/profile.h"
#include "tools/relink/command_line.h"

namespace relink::tools {

// All `paths` together, as the options from, event, scale and decay say. Shows
// how far it is, where a person watches.
absl::StatusOr<profiles::Profile> ReadInputs(
    const Arguments& arguments, std::span<const absl::string_view> paths);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_PROFILE_PROFILE_INPUT_H_
