// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_BENCH_PLANNING_CURVE_H_
#define RELINK_BENCH_PLANNING_CURVE_H_

#include <span>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace relink::bench {

// Prints a row for each library: what it costs to plan it, that is to scan it,
// run the passes `passes` over it and give everything its place; how many
// relocations that is a second, and how much memory it takes. Each in a process
// of its own, the median time of several.
absl::Status PrintPlanningCurve(std::span<const absl::string_view> libraries,
                                absl::string_view passes);

}  // namespace relink::bench

#endif  // RELINK_BENCH_PLANNING_CURVE_H_
