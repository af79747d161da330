// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/huge_pages.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "passes/analysis/call_graph.h"
#include "relink/pass/remark.h"

namespace relink {

absl::StatusOr<HugePages> HugePages::Create(const PassOptions& options) {
  return HugePages{options.Size("min")};
}

absl::StatusOr<PreservedAnalyses> HugePages::Run(
    LinkGraph& graph, AnalysisManager<LinkGraph>& analyses) const {
  std::vector<uint64_t> bytes(graph.arenas.size());
  for (const Section& section : graph.sections) {
    if (section.live() && section.arena_id.has_value()) {
      bytes[section.arena_id.index()] += section.size;
    }
  }
  for (uint32_t i = 0; i < graph.arenas.size(); ++i) {
    Arena& arena = graph.arenas[ArenaId(i)];
    if (arena.memory_class != MemoryClass::kCode) continue;
    arena.huge_pages |= bytes[i] >= min_bytes;
    if (!analyses.remarks().wanted()) continue;
    analyses.remarks().Add(
        {.pass = kName,
         .kind = arena.huge_pages ? RemarkKind::kChanged : RemarkKind::kRefused,
         .subject = arena.name,
         .message = absl::StrCat(bytes[i], " bytes of code")});
  }
  return PreservedAnalyses::None().Preserve<CallGraph>();
}

}  // namespace relink
