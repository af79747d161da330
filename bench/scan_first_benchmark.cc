// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// The suite `scan_first`: libraries that a pipeline of passes runs over before
// they are mapped, beside dlopen, which has none.

#include <vector>

#include "absl/strings/string_view.h"
#include "bench/load_case.h"
#include "bench/load_suite.h"

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

}  // namespace
}  // namespace relink::bench

int main(int argc, char** argv) {
  const std::vector<absl::string_view> args(argv + 1, argv + argc);
  return relink::bench::RunLoadSuite("scan_first", relink::bench::kCases, args);
}
