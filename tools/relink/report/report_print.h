// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_REPORT_REPORT_PRINT_H_
#define RELINK_TOOLS_RELINK_REPORT_REPORT_PRINT_H_

#include <ostream>

#include "tools/relink/report/report_facts.h"

namespace relink::tools {

// One page of HTML that needs nothing but itself.
void WriteReportPage(const Report& report, std::ostream& out);

// Its numbers; those before and after are named as `relink plan --json` has
// them.
void PrintReportJson(const Report& report, std::ostream& out);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_REPORT_REPORT_PRINT_H_
