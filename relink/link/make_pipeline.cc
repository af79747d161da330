// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/make_pipeline.h"

#include <cstdlib>
#include <utility>

#include "absl/status/status.h"
#include "passes/registry.h"
#include "relink/pass/pipeline_parser.h"
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

absl::StatusOr<std::optional<Pipeline>> PipelineOfEnvironment() {
  const char* text = secure_getenv("RELINK_PASSES");
  if (text == nullptr) return std::optional<Pipeline>();
  absl::StatusOr<Pipeline> pipeline = MakePipeline(text);
  if (!pipeline.ok()) return Annotate(pipeline.status(), "RELINK_PASSES");
  return std::optional<Pipeline>(*std::move(pipeline));
}

}  // namespace relink
