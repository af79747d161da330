// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/environment_pipeline.h"

#include <cstdlib>
#include <utility>

#include "absl/strings/string_view.h"
#include "relink/link/make_pipeline.h"
#include "relink/support/status.h"

namespace relink {

absl::StatusOr<std::optional<Pipeline>> PipelineOfEnvironment() {
  const auto variable = [](const char* name) -> absl::string_view {
    const char* value = secure_getenv(name);
    return value == nullptr ? "" : value;
  };
  const absl::string_view profile = variable("RELINK_PROFILE");
  const absl::string_view passes = variable("RELINK_PASSES");
  if (profile.empty() && passes.empty()) return std::optional<Pipeline>();
  absl::StatusOr<Pipeline> pipeline =
      MakePipeline(PassesWithProfile(profile, passes));
  if (!pipeline.ok()) {
    return Annotate(pipeline.status(), profile.empty()
                                           ? "RELINK_PASSES"
                                           : "RELINK_PROFILE, RELINK_PASSES");
  }
  return std::optional<Pipeline>(*std::move(pipeline));
}

}  // namespace relink
