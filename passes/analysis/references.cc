// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/analysis/references.h"

#include <variant>

#include "absl/strings/str_cat.h"
#include "passes/section_text.h"

namespace relink {
namespace {

// Calls `visit(to, from, fixup)` for each reference from a live section.
template <typename Visit>
void ForEachReference(const LinkGraph& graph, Visit visit) {
  for (uint32_t i = 0; i < graph.sections.size(); ++i) {
    const Section& section = graph.sections[SectionId(i)];
    if (!section.live()) continue;
    for (uint32_t j = 0; j < section.fixups.size(); ++j) {
      const SymbolId target = section.fixups[j].target;
      if (!target.has_value()) continue;
      const auto* place =
          std::get_if<InSection>(&graph.symbols[target].definition);
      if (place != nullptr) visit(place->section_id, SectionId(i), j);
    }
  }
}

}  // namespace

// Counts, then puts each into its place.
absl::StatusOr<References::Result> References::Run(
    const LinkGraph& graph, AnalysisManager<LinkGraph>& /*analyses*/) const {
  Result result;
  result.graph = &graph;
  std::vector<uint32_t>& first = result.first;
  first.assign(graph.sections.size() + 2, 0);
  ForEachReference(graph, [&](SectionId to, SectionId, uint32_t) {
    ++first[to.index() + 2];
  });
  for (size_t i = 2; i < first.size(); ++i) first[i] += first[i - 1];
  result.references.resize(first.back());
  ForEachReference(graph, [&](SectionId to, SectionId from, uint32_t fixup) {
    result.references[first[to.index() + 1]++] = {from, fixup};
  });
  return result;
}

std::string References::Print(const Result& result) {
  const LinkGraph& graph = *result.graph;
  std::string text;
  for (uint32_t i = 0; i < graph.sections.size(); ++i) {
    const auto references = result.To(SectionId(i));
    if (references.empty()) continue;
    absl::StrAppend(&text, SectionText(graph, SectionId(i)));
    absl::string_view separator = ": ";
    for (const Reference& reference : references) {
      const Fixup& fixup =
          graph.sections[reference.from_id].fixups[reference.fixup];
      absl::StrAppend(&text, separator, SectionText(graph, reference.from_id),
                      "+0x", absl::Hex(uint64_t{fixup.offset}), " ",
                      fixup.rule->name);
      separator = ", ";
    }
    absl::StrAppend(&text, "\n");
  }
  return text;
}

}  // namespace relink
