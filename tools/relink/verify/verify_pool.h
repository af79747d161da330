// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_VERIFY_VERIFY_POOL_H_
#define RELINK_TOOLS_RELINK_VERIFY_VERIFY_POOL_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tools/relink/verify/verify_file.h"

namespace relink::tools {

struct PoolOptions {
  size_t jobs = 1;         // Processes at a time.
  absl::Duration timeout;  // For one file.
  // That run over Relink's copies; empty: none.
  std::string passes = std::string();
  // The command `relink`, started as `relink verify --in-this-process -- FILE`.
  std::string program = "/proc/self/exe";
};

// Verifies each of `files` in a process of its own and calls `done(index,
// verdict)` for each as it ends, in any order. A process that crashes or hangs
// is a failure of its file.
// ResourceExhausted: no process can be started.
absl::Status VerifyAll(const std::vector<std::string>& files,
                       const PoolOptions& options,
                       absl::FunctionRef<void(size_t, const Verdict&)> done);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_VERIFY_VERIFY_POOL_H_
