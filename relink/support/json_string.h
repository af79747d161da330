// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SUPPORT_JSON_STRING_H_
#define RELINK_SUPPORT_JSON_STRING_H_

#include <string>

#include "absl/strings/string_view.h"

namespace relink {

// `text` as a JSON string with its quotes (RFC 8259, section 7), valid whatever
// its bytes: what is not UTF-8 becomes U+FFFD. It has no line ends.
std::string JsonString(absl::string_view text);

}  // namespace relink

#endif  // RELINK_SUPPORT_JSON_STRING_H_
