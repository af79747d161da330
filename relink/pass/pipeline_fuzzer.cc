// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "relink/pass/letters_passes.h"
#include "relink/pass/pass_manager.h"
#include "relink/pass/pass_registry.h"
#include "relink/pass/pipeline_parser.h"
#include "relink/pass/pipeline_text.h"

// A pipeline's text. What parses is printed, and the print parses to the same.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace relink;  // NOLINT: a function of a few lines
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto passes = ParsePipelineText(text); passes.ok()) {
    const std::string printed = PrintPipeline(*passes);
    const auto again = ParsePipelineText(printed);
    if (!again.ok() || PrintPipeline(*again) != printed) std::abort();
  }
  PassManager<letters::Page> page_passes;
  PassManager<letters::Print> print_passes;
  const absl::Status status =
      ParsePipeline(text, letters::Registry(), page_passes, print_passes);
  if (status.ok() && !ParsePipelineText(text).ok()) std::abort();
  return 0;
}
