// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_PLAN_PLAN_PRINT_H_
#define RELINK_TOOLS_RELINK_PLAN_PLAN_PRINT_H_

#include <ostream>
#include <string>

#include "absl/strings/string_view.h"
#include "passes/analysis/layout_metrics.h"
#include "tools/relink/json_writer.h"
#include "tools/relink/plan/planned_link.h"

namespace relink::tools {

// What `relink plan` prints of a planned link. Addresses are counted from the
// beginning of a reservation; that of a program at a fixed address is known.

// Modules, arenas, and how far apart code is before and after.
void PrintPlanText(const PlannedLink& planned, std::ostream& out);

// Every part, by address.
void PrintPlanMap(const PlannedLink& planned, std::ostream& out);

void PrintPlanJson(const PlannedLink& planned, std::ostream& out);

// The member `key` of an object, with those of `metrics`.
void WriteMetricsJson(absl::string_view key,
                      const LayoutMetrics::Result& metrics, JsonWriter& json);

// A picture, as SVG: on the left where files have code, on the right where it
// would be, a row for each page.
void PrintPlanSvg(const PlannedLink& planned, std::ostream& out);

// The name of a part, e.g. "f" or "segment 2".
std::string PartName(const PlannedLink& planned, const PlannedPart& part);

// A module's name without its folder.
absl::string_view FileName(const Module& module);

// Where the part is: in the process if that is known already.
uint64_t PartAddress(const PlannedLink& planned, const PlannedPart& part);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_PLAN_PLAN_PRINT_H_
