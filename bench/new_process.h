// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_BENCH_NEW_PROCESS_H_
#define RELINK_BENCH_NEW_PROCESS_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "bench/load_case.h"

namespace relink::bench {

// What a process of its own says of the one load it made.
struct OneLoad {
  int64_t ns = 0;
  size_t modules = 0;  // How many came to be loaded.
};

// The first argument of a process that makes one load; the side ("relink" or
// "dlopen") and the name of the case follow.
inline constexpr absl::string_view kLoadOnce = "--load-once";

// Starts this program again to load once. The process begins as any other:
// nothing of this one's is loaded or warm in it.
absl::StatusOr<OneLoad> LoadInNewProcess(const LoadCase& load,
                                         absl::string_view side);

// What that process does: loads, and prints the answer on stdout. `path` is the
// library's, `warm_up` that of another.
absl::Status LoadOnce(const LoadCase& load, absl::string_view side,
                      absl::string_view path, absl::string_view warm_up);

}  // namespace relink::bench

#endif  // RELINK_BENCH_NEW_PROCESS_H_
