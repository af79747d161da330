// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_LINK_ENVIRONMENT_PIPELINE_H_
#define RELINK_LINK_ENVIRONMENT_PIPELINE_H_

#include <optional>

#include "absl/status/statusor.h"
#include "relink/link/pipeline.h"

namespace relink {

// The pipeline that the environment names in RELINK_PROFILE and RELINK_PASSES,
// as PassesWithProfile has it; nothing if it names none, or if the program runs
// with more rights than its user. Built with --//relink:environment=false
// always nothing.
absl::StatusOr<std::optional<Pipeline>> PipelineOfEnvironment();

}  // namespace relink

#endif  // RELINK_LINK_ENVIRONMENT_PIPELINE_H_
