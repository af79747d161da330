// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_BENCH_LOAD_SUITE_H_
#define RELINK_BENCH_LOAD_SUITE_H_

#include <span>

#include "absl/strings/string_view.h"
#include "bench/load_case.h"

namespace relink::bench {

// The `main` of a suite that loads libraries by Relink and by dlopen. `cases`
// must outlive the call. Returns the exit code, as RunSuite does.
int RunLoadSuite(absl::string_view name, std::span<const LoadCase> cases,
                 std::span<const absl::string_view> args);

}  // namespace relink::bench

#endif  // RELINK_BENCH_LOAD_SUITE_H_
