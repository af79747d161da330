// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_SHOWN_TEXT_H_
#define RELINK_TOOLS_RELINK_SHOWN_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace relink::tools {

// A file's name, or a string of a file, as a terminal may see it: on one line,
// with control characters as "\n" or "\x1b".
std::string Shown(absl::string_view text);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_SHOWN_TEXT_H_
