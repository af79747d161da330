// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/randomize.h"

#include <sys/random.h>

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "passes/analysis/call_graph.h"
#include "passes/ordering/function_order.h"
#include "passes/ordering/shuffle.h"
#include "relink/pass/remark.h"

namespace relink {

absl::StatusOr<Randomize> Randomize::Create(const PassOptions& options) {
  return Randomize{static_cast<uint64_t>(options.Integer("seed"))};
}

absl::StatusOr<PreservedAnalyses> Randomize::Run(
    LinkGraph& graph, AnalysisManager<LinkGraph>& analyses) const {
  uint64_t used = seed;
  while (used == 0) {
    if (getrandom(&used, sizeof(used), 0) != sizeof(used)) {
      return absl::ResourceExhaustedError("no random bytes from the kernel");
    }
    used >>= 1;  // A seed can be written as an option.
  }
  std::vector<SectionId> functions = OrderableFunctions(graph);
  Shuffle(used, functions);
  ApplyFunctionOrder(functions, graph);
  if (analyses.remarks().wanted()) {
    analyses.remarks().Add({.pass = kName,
                            .kind = RemarkKind::kNote,
                            .message = absl::StrCat("seed=", used)});
  }
  return PreservedAnalyses::None().Preserve<CallGraph>();
}

}  // namespace relink
