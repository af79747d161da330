// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_PERF_MEMORY_NAME_H_
#define RELINK_PROFILES_PERF_MEMORY_NAME_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "profiles/profile.h"

namespace relink::profiles {

// What memory is that a recording calls `name`; nothing if that is a file's
// path.
std::optional<Unattributed> KindOfMemory(absl::string_view name);

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_PERF_MEMORY_NAME_H_
