// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/gc_sections.h"

#include <cstddef>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "passes/analysis/reachability.h"
#include "passes/graph/drop_section.h"
#include "passes/graph/named_sections.h"
#include "passes/section_text.h"
#include "relink/pass/remark.h"

namespace relink {
namespace {

void TellDropped(const LinkGraph& graph, SectionId id, RemarkSink& remarks) {
  if (!remarks.wanted()) return;
  const Section& section = graph.sections[id];
  remarks.Add({.pass = GcSections::kName,
               .kind = RemarkKind::kChanged,
               .module = graph.modules[section.module_id].name(),
               .subject = SectionText(graph, id),
               .address = AddressText(section),
               .message = absl::StrCat("dropped: ", section.size, " bytes")});
}

}  // namespace

absl::StatusOr<GcSections> GcSections::Create(const PassOptions& options) {
  return GcSections{options.List("keep")};
}

absl::StatusOr<PreservedAnalyses> GcSections::Run(
    LinkGraph& graph, AnalysisManager<LinkGraph>& analyses) const {
  std::vector<SectionId> roots;
  const auto named = SectionsNamed(graph, keep);
  for (size_t i = 0; i < keep.size(); ++i) {
    roots.insert(roots.end(), named[i].begin(), named[i].end());
    if (named[i].empty() && analyses.remarks().wanted()) {
      analyses.remarks().Add({.pass = kName,
                              .kind = RemarkKind::kRefused,
                              .subject = keep[i],
                              .message = "there is no section of that name"});
    }
  }
  const std::vector<bool> reachable = FindReachable(graph, roots);
  std::vector<SectionId> dropped;
  uint64_t bytes = 0;
  for (uint32_t i = 0; i < graph.sections.size(); ++i) {
    const Section& section = graph.sections[SectionId(i)];
    if (!section.live() || reachable[i]) continue;
    dropped.emplace_back(i);
    bytes += section.size;
    TellDropped(graph, SectionId(i), analyses.remarks());
  }
  DropSections(dropped, graph);
  analyses.counters().Add(kName, "sections dropped", dropped.size());
  analyses.counters().Add(kName, "bytes dropped", bytes);
  return PreservedAnalyses::None();
}

}  // namespace relink
