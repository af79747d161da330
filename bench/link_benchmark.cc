// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// The suite `link`: graphs of libraries linked at run time by Relink and by
// dlopen.

#include <vector>

#include "absl/strings/string_view.h"
#include "bench/load_case.h"
#include "bench/load_suite.h"

namespace relink::bench {
namespace {

constexpr LoadCase kCases[] = {
    // clang-format off
    {.name = "chain", .library = "chain/libleaf.so", .iterations = 4},
    {.name = "chain_typical", .library = "chain_typical/libleaf.so"},
    // Modules 0 to N-1 of the same graph, 503 symbolic relocations in each.
    {.name = "graph25", .library = "graph/lib24.so"},
    {.name = "graph50", .library = "graph/lib49.so"},
    {.name = "graph100", .library = "graph/lib99.so"},
    {.name = "graph200", .library = "graph/lib199.so"},
    // clang-format on
};

}  // namespace
}  // namespace relink::bench

int main(int argc, char** argv) {
  const std::vector<absl::string_view> args(argv + 1, argv + argc);
  return relink::bench::RunLoadSuite("link", relink::bench::kCases, args);
}
