// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/shown_text.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"

namespace relink::tools {

std::string Shown(absl::string_view text) {
  std::string shown;
  for (const char& c : text) {
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c))) {
      shown += absl::CHexEscape({&c, 1});
    } else {
      shown += c;
    }
  }
  return shown;
}

}  // namespace relink::tools
