// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "bench/measure_pairs.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "relink/support/status_macros.h"

namespace relink::bench {
namespace {

constexpr const char* kRelink = "relink";
constexpr const char* kBaseline = "baseline";

// Keeps the time per iteration of the one run that is reported to it.
class OneRunReporter final : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.error_occurred) {
        result_ = absl::InternalError(run.error_message);
      } else {
        result_ = run.real_accumulated_time * 1e9 /
                  static_cast<double>(run.iterations);
      }
    }
  }
  const absl::StatusOr<double>& result() const { return result_; }

 private:
  absl::StatusOr<double> result_ = absl::InternalError("no run was reported");
};

void Register(const char* name, const Side& side, const PairedCase& paired) {
  auto* registered = benchmark::RegisterBenchmark(name, side);
  registered->Iterations(paired.iterations);
  if (paired.manual_time) {
    registered->UseManualTime();
  } else {
    registered->UseRealTime();
  }
}

// Nanoseconds per operation.
absl::StatusOr<double> RunBlock(const char* name, const PairedCase& paired) {
  OneRunReporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter, absl::StrCat("^", name));
  ASSIGN_OR_RETURN(const double per_iteration, reporter.result());
  return per_iteration / static_cast<double>(paired.operations);
}

}  // namespace

double Quantile(std::vector<double> values, double fraction) {
  std::ranges::sort(values);
  const double at = fraction * static_cast<double>(values.size() - 1);
  const size_t below = static_cast<size_t>(at);
  const size_t above = std::min(below + 1, values.size() - 1);
  return std::lerp(values[below], values[above],
                   at - static_cast<double>(below));
}

void Fail(benchmark::State& state, const absl::Status& status) {
  state.SkipWithError(std::string(status.message()).c_str());
}

absl::StatusOr<PairedTimes> Measure(const PairedCase& paired, Effort effort) {
  using Clock = std::chrono::steady_clock;
  ASSIGN_OR_RETURN(const Sides sides, paired.prepare());
  benchmark::ClearRegisteredBenchmarks();
  Register(kRelink, sides.relink, paired);
  Register(kBaseline, sides.baseline, paired);

  // The first pair warms up, unless it is the only one wanted.
  if (effort.pairs > 1) {
    RETURN_IF_ERROR(RunBlock(kRelink, paired).status());
    RETURN_IF_ERROR(RunBlock(kBaseline, paired).status());
  }
  std::vector<double> relink, baseline, ratios;
  const Clock::time_point end =
      Clock::now() + std::chrono::duration_cast<Clock::duration>(
                         std::chrono::duration<double>(effort.seconds));
  do {
    ASSIGN_OR_RETURN(relink.emplace_back(), RunBlock(kRelink, paired));
    ASSIGN_OR_RETURN(baseline.emplace_back(), RunBlock(kBaseline, paired));
    ratios.push_back(relink.back() / baseline.back());
  } while (std::ssize(ratios) < effort.pairs || Clock::now() < end);
  benchmark::ClearRegisteredBenchmarks();

  return PairedTimes{.relink_ns = Quantile(relink, 0.5),
                     .baseline_ns = Quantile(baseline, 0.5),
                     .lower_quartile = Quantile(ratios, 0.25),
                     .upper_quartile = Quantile(ratios, 0.75)};
}

}  // namespace relink::bench
