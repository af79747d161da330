// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SUPPORT_UTF8_H_
#define RELINK_SUPPORT_UTF8_H_

#include <cstddef>

#include "absl/strings/string_view.h"

namespace relink {

// The length of the UTF-8 sequence that `text`, which is not empty, starts
// with; 0 if it is none (Unicode, table 3-7 "Well-Formed UTF-8 Byte
// Sequences").
size_t Utf8SequenceLength(absl::string_view text);

}  // namespace relink

#endif  // RELINK_SUPPORT_UTF8_H_
