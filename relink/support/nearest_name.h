// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SUPPORT_NEAREST_NAME_H_
#define RELINK_SUPPORT_NEAREST_NAME_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace relink {

// The one of `names` that was most likely meant by the mistyped `word`, or an
// empty view if none is near.
absl::string_view NearestName(absl::string_view word,
                              const std::vector<std::string>& names);

// "; did you mean NAME?" for the nearest of `names`, or nothing.
std::string Suggestion(absl::string_view word,
                       const std::vector<std::string>& names);

}  // namespace relink

#endif  // RELINK_SUPPORT_NEAREST_NAME_H_
