// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUNTIME_INIT_FUNCTIONS_H_
#define RELINK_RUNTIME_INIT_FUNCTIONS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "relink/runtime/process_arguments.h"
#include "relink/stage/placed_graph.h"

namespace relink {

// A module's initialization and finalization functions (gABI, "Initialization
// and Termination Functions"), each in the order to call them.
struct InitFunctions {
  std::vector<RuntimeAddr> init;  // DT_PREINIT_ARRAY, DT_INIT, DT_INIT_ARRAY.
  std::vector<RuntimeAddr> fini;  // DT_FINI_ARRAY backwards, DT_FINI.
};

// Reads them from the relocated image.
// InvalidArgument: an array is not inside a segment, or an entry is not in an
// executable segment of `image`.
absl::StatusOr<InitFunctions> FindInitFunctions(const LinkedImage& image,
                                                ModuleId id);

void RunInit(const InitFunctions& functions, const ProcessArguments& arguments);
void RunFini(const InitFunctions& functions);

}  // namespace relink

#endif  // RELINK_RUNTIME_INIT_FUNCTIONS_H_
