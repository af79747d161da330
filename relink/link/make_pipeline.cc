// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/make_pipeline.h"

#include <cstdlib>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "passes/graph/apply_profile.h"
#include "passes/registry.h"
#include "relink/pass/pipeline_parser.h"
#include "relink/pass/pipeline_text.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {

absl::StatusOr<Pipeline> MakePipeline(absl::string_view text) {
  if (text.empty()) return Pipeline();
  PassRegistry registry;
  RegisterShippedPasses(registry);
  return MakePipeline(text, registry);
}

absl::StatusOr<Pipeline> MakePipeline(absl::string_view text,
                                      const PassRegistry& registry) {
  Pipeline pipeline;
  RETURN_IF_ERROR(ParsePipeline(text, registry, pipeline.graph_passes,
                                pipeline.placed_passes));
  return pipeline;
}

std::string PassesWithProfile(absl::string_view profile,
                              absl::string_view passes) {
  if (profile.empty()) return std::string(passes);
  const OptionText file = {.name = "file",
                           .form = OptionText::Form::kValue,
                           .values = {std::string(profile)}};
  const PassText apply = {.name = std::string(ApplyProfile::kName),
                          .options = {file}};
  return absl::StrCat(PrintPipeline({apply}), ",",
                      passes.empty() ? kProfiledPasses : passes);
}

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
