// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_REPORT_REPORT_H_
#define RELINK_TOOLS_RELINK_REPORT_REPORT_H_

#include "absl/status/statusor.h"
#include "tools/relink/command.h"

namespace relink::tools {

// `relink report`: a page that shows what passes make of a link.
extern const Syntax kReportSyntax;
absl::StatusOr<int> RunReport(const Arguments& arguments, Console& console);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_REPORT_REPORT_H_
