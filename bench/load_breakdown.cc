// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "bench/load_breakdown.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "bench/load_sides.h"
#include "bench/measure_pairs.h"
#include "bench/system_calls.h"
#include "relink/link/observer.h"
#include "relink/support/status_macros.h"

namespace relink::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kSteps = size_t{1} + static_cast<size_t>(LoadStep::kCommit);
constexpr size_t kFewestLoads = 5;

double Ns(Clock::duration duration) {
  return std::chrono::duration<double, std::nano>(duration).count();
}

// Keeps how long each step of the last load took.
class StepTimes final : public Observer {
 public:
  void OnStepBegin(LoadStep) override { begin_ = Clock::now(); }
  void OnStepEnd(LoadStep step) override {
    times_[static_cast<size_t>(step)] = Clock::now() - begin_;
  }
  Clock::duration time(size_t step) const { return times_[step]; }

 private:
  Clock::time_point begin_;
  std::array<Clock::duration, kSteps> times_ = {};
};

// Times of one kind, one for each load.
using Samples = std::vector<double>;

void PrintStep(absl::string_view name, const Samples& samples, double total) {
  const double time = Quantile(samples, 0.5);
  std::cout << absl::StrFormat("| %-13s | %12.2f | %6.1f%% |\n", name,
                               time / 1e3, 100 * time / total);
}

absl::Status PrintSteps(const LoadCase& load, const std::string& path,
                        double seconds) {
  StepTimes steps;
  ASSIGN_OR_RETURN(const auto side, RelinkSide::Create(load, path, &steps));
  RETURN_IF_ERROR(side->Load().status());
  Samples whole, other, unload;
  std::array<Samples, kSteps> by_step;
  const Clock::time_point end =
      Clock::now() + std::chrono::duration_cast<Clock::duration>(
                         std::chrono::duration<double>(seconds));
  while (whole.size() < kFewestLoads || Clock::now() < end) {
    const Clock::time_point begin = Clock::now();
    absl::StatusOr<Library> library = side->Load();
    const Clock::time_point loaded = Clock::now();
    if (!library.ok()) return library.status();
    library = absl::CancelledError();  // Drops the library.
    const Clock::time_point unloaded = Clock::now();

    Clock::duration rest = loaded - begin;
    for (size_t i = 0; i < kSteps; ++i) {
      by_step[i].push_back(Ns(steps.time(i)));
      rest -= steps.time(i);
    }
    other.push_back(Ns(rest));
    unload.push_back(Ns(unloaded - loaded));
    whole.push_back(Ns(unloaded - begin));
  }
  const double total = Quantile(whole, 0.5);
  std::cout << absl::StrFormat("| %-13s | %12s | %7s |\n", "step",
                               "microseconds", "share")
            << "|---------------|-------------:|--------:|\n";
  for (size_t i = 0; i < kSteps; ++i) {
    PrintStep(Name(static_cast<LoadStep>(i)), by_step[i], total);
  }
  PrintStep("unload", unload, total);
  PrintStep("other", other, total);  // Opening the file, and what reads clocks.
  PrintStep("all", whole, total);
  return absl::OkStatus();
}

int64_t PageFaults() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_minflt;
}

struct Costs {
  std::map<std::string, int> system_calls;
  int64_t page_faults = 0;
};

absl::StatusOr<Costs> CostsOf(const LoadCase& load,
                              absl::FunctionRef<absl::Status()> run) {
  // A load before brings in the loader's own code and tables, and after the
  // fork takes back pages that the child shares. But where dlclose does not
  // unload, only the first load is one.
  const bool repeats = load.in == LoadIn::kThisProcess;
  Costs costs;
  if (repeats) RETURN_IF_ERROR(run());
  ASSIGN_OR_RETURN(costs.system_calls, CountSystemCalls([&] {
                     if (!run().ok()) _exit(1);
                   }));
  if (repeats) RETURN_IF_ERROR(run());
  const int64_t before = PageFaults();
  RETURN_IF_ERROR(run());
  costs.page_faults = PageFaults() - before;
  return costs;
}

void PrintCosts(const Costs& relink, const Costs& dlopen) {
  std::cout << "\n| calls per load | Relink | dlopen |\n"
            << "|----------------|-------:|-------:|\n";
  const auto row = [](absl::string_view name, int64_t ours, int64_t theirs) {
    std::cout << absl::StrFormat("| %-14s | %6d | %6d |\n", name, ours, theirs);
  };
  std::set<std::string> names;
  for (const auto* costs : {&relink, &dlopen}) {
    for (const auto& [name, count] : costs->system_calls) names.insert(name);
  }
  const auto count = [](const Costs& costs, const std::string& name) {
    const auto found = costs.system_calls.find(name);
    return found == costs.system_calls.end() ? 0 : found->second;
  };
  int ours = 0, theirs = 0;
  for (const std::string& name : names) {
    row(name, count(relink, name), count(dlopen, name));
    ours += count(relink, name);
    theirs += count(dlopen, name);
  }
  row("all", ours, theirs);
  row("page faults", relink.page_faults, dlopen.page_faults);
}

}  // namespace

absl::Status PrintLoadBreakdown(const LoadCase& load, const std::string& path,
                                double seconds) {
  RETURN_IF_ERROR(PrintSteps(load, path, seconds));
  ASSIGN_OR_RETURN(const auto relink, RelinkSide::Create(load, path));
  ASSIGN_OR_RETURN(const auto dlopen, DlopenSide::Create(load, path));
  RETURN_IF_ERROR(relink->Load().status());
  ASSIGN_OR_RETURN(const Costs relink_costs,
                   CostsOf(load, [&] { return relink->Load().status(); }));
  ASSIGN_OR_RETURN(const Costs dlopen_costs,
                   CostsOf(load, [&] { return dlopen->Load().status(); }));
  PrintCosts(relink_costs, dlopen_costs);
  return absl::OkStatus();
}

}  // namespace relink::bench
