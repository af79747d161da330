// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_PLAN_H_
#define RELINK_TOOLS_RELINK_PLAN_H_

#include "absl/status/statusor.h"
#include "tools/relink/command.h"

namespace relink::tools {

// `relink plan`: where passes would put what, without mapping anything.
extern const Syntax kPlanSyntax;
absl::StatusOr<int> RunPlan(const Arguments& arguments, Console& console);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_PLAN_H_
