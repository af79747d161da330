// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/plan.h"

#include <memory>

#include "relink/support/status_macros.h"
#include "tools/relink/command_line.h"
#include "tools/relink/pass_run.h"
#include "tools/relink/plan_print.h"
#include "tools/relink/planned_link.h"

namespace relink::tools {
namespace {

constexpr Option kOwnOptions[] = {
    {.name = "json", .help = "print the layout as JSON"},
    {.name = "map", .help = "print every section by address"},
    {.name = "svg",
     .help = "print a picture of the code: a row for each page, before and "
             "after"},
};
constexpr auto kOptions = JoinOptions(kOwnOptions, kPassOptions);

}  // namespace

constinit const Syntax kPlanSyntax = {
    .description =
        "Scans FILE and what it needs, runs passes over that, and prints where\n"
        "everything would go, beside where it would without them. Nothing is\n"
        "mapped, and nothing of FILE is run.",
    .options = kOptions,
    .operands = {.usage = "FILE", .min = 1, .max = 1},
};

absl::StatusOr<int> RunPlan(const Arguments& arguments, Console& console) {
  if (arguments.Has("json") + arguments.Has("map") + arguments.Has("svg") > 1) {
    return UsageError("plan: --json, --map and --svg do not go together");
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<PassRun> passes,
                   PassRun::Create(arguments, console.out()));
  ASSIGN_OR_RETURN(const PlannedLink planned,
                   PlanLink(arguments.operands()[0], passes->pipeline()));
  passes->Finish();
  if (arguments.Has("json")) {
    PrintPlanJson(planned, console.out());
  } else if (arguments.Has("map")) {
    PrintPlanMap(planned, console.out());
  } else if (arguments.Has("svg")) {
    PrintPlanSvg(planned, console.out());
  } else {
    PrintPlanText(planned, console.out());
  }
  return 0;
}

}  // namespace relink::tools
