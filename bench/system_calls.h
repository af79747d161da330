// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_BENCH_SYSTEM_CALLS_H_
#define RELINK_BENCH_SYSTEM_CALLS_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"

namespace relink::bench {

// How often `run` makes each system call, by name. Runs it in a child that is
// forked and traced (ptrace(2)), so it has no effect on this process, which
// must have one thread.
absl::StatusOr<std::map<std::string, int>> CountSystemCalls(
    absl::FunctionRef<void()> run);

}  // namespace relink::bench

#endif  // RELINK_BENCH_SYSTEM_CALLS_H_
