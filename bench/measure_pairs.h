// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_BENCH_MEASURE_PAIRS_H_
#define RELINK_BENCH_MEASURE_PAIRS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "benchmark/benchmark.h"

namespace relink::bench {

// One of two ways to do the same: a loop over Google Benchmark's state.
using Side = std::function<void(benchmark::State&)>;

struct Sides {
  Side relink;
  Side baseline;
};

// One row of a suite.
struct PairedCase {
  std::string name;
  std::string baseline;  // What the other side is, as "dlopen".
  // A block is so many iterations of one side: enough that reading the clock
  // costs nothing, few enough (some 100 microseconds) that most blocks are not
  // interrupted by another process, so that the median is of those.
  int64_t iterations = 1;
  // What one iteration does; times are of one of them.
  int64_t operations = 1;
  // The sides call SetIterationTime.
  bool manual_time = false;
  // Sets up what both sides need, and checks that they do the same work.
  std::function<absl::StatusOr<Sides>()> prepare;
};

// How long to measure one case: at least so many pairs of blocks, and until so
// much time is over.
struct Effort {
  double seconds = 3;
  int pairs = 11;
};

// The result for a case. Times are medians over the blocks.
struct PairedTimes {
  double relink_ns = 0;
  double baseline_ns = 0;
  // Half of the pairs of neighbouring blocks have a ratio between these two.
  double lower_quartile = 0;
  double upper_quartile = 0;
  double ratio() const { return relink_ns / baseline_ns; }
};

// Times blocks of the two sides in turn, so that what slows the machine down
// for a while slows both. An error is that of `prepare` or of a side.
absl::StatusOr<PairedTimes> Measure(const PairedCase& paired, Effort effort);

// The middle one; `values` must not be empty. `fraction` of the values are
// less.
double Quantile(std::vector<double> values, double fraction);

// For a side: ends the loop, and with it the measurement, by this error.
void Fail(benchmark::State& state, const absl::Status& status);

}  // namespace relink::bench

#endif  // RELINK_BENCH_MEASURE_PAIRS_H_
