// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// The suite `scan_first`: libraries that a pipeline of passes runs over before
// they are mapped, beside dlopen, which has none. With --planning, what
// planning alone costs, for libraries of growing size.

#include <iostream>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "bench/load_case.h"
#include "bench/load_suite.h"
#include "bench/planning_curve.h"

namespace relink::bench {
namespace {

constexpr absl::string_view kChain = "chain/libleaf.so";
constexpr absl::string_view kFunctions = "functions/libfunctions100k.so";

constexpr LoadCase kCases[] = {
    // clang-format off
    {.name = "chain/empty", .library = kChain, .iterations = 4,
     .passes = ""},
    {.name = "chain/sections", .library = kChain, .iterations = 4,
     .passes = "split-functions,place"},
    {.name = "functions100k", .library = kFunctions,
     .passes = "split-functions,order<by=reverse>,place"},
    // clang-format on
};

constexpr absl::string_view kGrowing[] = {
    "functions/libfunctions12k.so", "functions/libfunctions25k.so",
    "functions/libfunctions50k.so", "functions/libfunctions100k.so",
    "/usr/lib/x86_64-linux-gnu/libLLVM-14.so.1"};

int Main(std::span<const absl::string_view> args) {
  if (args.size() != 1 || args[0] != "--planning") {
    return RunLoadSuite("scan_first", kCases, args);
  }
  const absl::Status status =
      PrintPlanningCurve(kGrowing, "split-functions,order<by=reverse>,place");
  if (!status.ok()) std::cerr << status.message() << std::endl;
  return status.ok() ? 0 : 1;
}

}  // namespace
}  // namespace relink::bench

int main(int argc, char** argv) {
  const std::vector<absl::string_view> args(argv + 1, argv + argc);
  return relink::bench::Main(args);
}
