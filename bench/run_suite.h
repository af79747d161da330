// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_BENCH_RUN_SUITE_H_
#define RELINK_BENCH_RUN_SUITE_H_

#include <functional>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "bench/measure_pairs.h"

namespace relink::bench {

// One benchmark program.
struct Suite {
  absl::string_view name;
  std::vector<PairedCase> cases;
  // Prints where the time of one of the cases goes, measuring for about so many
  // seconds; null if it cannot say.
  std::function<absl::Status(absl::string_view name, double seconds)> breakdown;
};

// The `main` of a benchmark program, `args` being its arguments. Prints a table
// on stdout as its rows are measured, progress and errors on stderr. Returns
// the exit code: 0, 1 if a case failed, 2 for arguments that it does not
// understand.
int RunSuite(const Suite& suite, std::span<const absl::string_view> args);

}  // namespace relink::bench

#endif  // RELINK_BENCH_RUN_SUITE_H_
