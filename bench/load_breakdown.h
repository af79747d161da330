// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_BENCH_LOAD_BREAKDOWN_H_
#define RELINK_BENCH_LOAD_BREAKDOWN_H_

#include <string>

#include "absl/status/status.h"
#include "bench/load_case.h"

namespace relink::bench {

// Prints where the time of Relink's side goes, step by step, and how many
// system calls and page faults each side costs. Loads and unloads in this
// process.
absl::Status PrintLoadBreakdown(const LoadCase& load, const std::string& path,
                                double seconds);

}  // namespace relink::bench

#endif  // RELINK_BENCH_LOAD_BREAKDOWN_H_
