// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASS_LINE_DIFF_H_
#define RELINK_PASS_LINE_DIFF_H_

#include <string>

#include "absl/strings/string_view.h"

namespace relink {

// What turns `before` into `after`, line by line, as `diff -U2` prints it but
// without the names of files; empty if they are equal. In time that grows with
// the length times the number of lines that differ, up to a bound; texts that
// differ in more are one change from their first different line to their last.
std::string LineDiff(absl::string_view before, absl::string_view after);

}  // namespace relink

#endif  // RELINK_PASS_LINE_DIFF_H_
