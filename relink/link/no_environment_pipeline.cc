// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/environment_pipeline.h"

namespace relink {

absl::StatusOr<std::optional<Pipeline>> PipelineOfEnvironment() {
  return std::optional<Pipeline>();
}

}  // namespace relink
