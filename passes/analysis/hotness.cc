// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/analysis/hotness.h"

#include <algorithm>
#include <functional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "passes/section_text.h"

namespace relink {

std::span<const SectionId> Hotness::Result::Covering(double coverage) const {
  double covered = 0;
  size_t count = 0;
  while (count < functions.size() && covered < coverage * total) {
    covered += graph->sections[functions[count++]].weight;
  }
  return std::span(functions).first(count);
}

absl::StatusOr<Hotness::Result> Hotness::Run(
    const LinkGraph& graph, AnalysisManager<LinkGraph>& /*analyses*/) const {
  Result result{.graph = &graph, .functions = {}};
  for (const SectionId id : graph.order) {
    const Section& section = graph.sections[id];
    if (section.kind != SectionKind::kFunction || !(section.weight > 0)) {
      continue;
    }
    result.functions.push_back(id);
    result.total += section.weight;
  }
  std::ranges::stable_sort(
      result.functions, std::greater<>(),
      [&](SectionId id) { return graph.sections[id].weight; });
  return result;
}

std::string Hotness::Print(const Result& result) {
  std::string text;
  double sum = 0;
  for (const SectionId id : result.functions) {
    const double weight = result.graph->sections[id].weight;
    sum += weight;
    absl::StrAppend(
        &text, SectionText(*result.graph, id),
        absl::StrFormat(": %.1f%% (%.1f%%)\n", 100 * weight / result.total,
                        100 * sum / result.total));
  }
  return text;
}

}  // namespace relink
