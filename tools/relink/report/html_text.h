// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_REPORT_HTML_TEXT_H_
#define RELINK_TOOLS_RELINK_REPORT_HTML_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace relink::tools {

// `text` in an element or in a quoted attribute: whatever bytes it has, it is
// nothing but text there. What is not UTF-8, and control characters, become
// U+FFFD.
std::string Escaped(absl::string_view text);

// Its beginning, with "…" for the rest, if it is longer than `most` bytes.
std::string Shortened(absl::string_view text, size_t most);

// "1,234,567".
std::string Grouped(uint64_t number);

// "512 B", "12.3 KiB".
std::string Bytes(double bytes);

// "12.3%" of a part, from 0 to 1; "<0.1%" for what is there all the same.
std::string Percent(double part);

// A function's name as people write it, without parameters.
std::string Demangled(absl::string_view symbol);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_REPORT_HTML_TEXT_H_
