// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/make_pipeline.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "passes/graph/apply_profile.h"
#include "passes/registry.h"
#include "relink/pass/pipeline_parser.h"
#include "relink/pass/pipeline_text.h"
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

}  // namespace relink
