// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/pin.h"

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "passes/analysis/call_graph.h"
#include "passes/graph/named_sections.h"
#include "passes/section_text.h"
#include "relink/pass/remark.h"

namespace relink {

absl::StatusOr<Pin> Pin::Create(const PassOptions& options) {
  Pin pin;
  pin.names = options.List("names");
  if (pin.names.empty()) return options.Refuse("names", "names none");
  pin.reason = options.Text("reason");
  if (pin.reason.empty()) return options.Refuse("reason", "no reason");
  return pin;
}

absl::StatusOr<PreservedAnalyses> Pin::Run(
    LinkGraph& graph, AnalysisManager<LinkGraph>& analyses) const {
  const absl::string_view kept_reason = graph.KeepName(reason);
  const auto named = SectionsNamed(graph, names);
  for (size_t i = 0; i < names.size(); ++i) {
    for (const SectionId id : named[i]) {
      Section& section = graph.sections[id];
      if (section.arena_id.has_value()) {
        return absl::FailedPreconditionError(
            absl::StrCat(SectionText(graph, id), ": is in arena ",
                         graph.arenas[section.arena_id].name, " already"));
      }
      if (section.pinned.empty()) section.pinned = kept_reason;
    }
    analyses.counters().Add(kName, "sections pinned", named[i].size());
    if (named[i].empty() && analyses.remarks().wanted()) {
      analyses.remarks().Add({.pass = kName,
                              .kind = RemarkKind::kRefused,
                              .subject = names[i],
                              .message = "there is no section of that name"});
    }
  }
  return PreservedAnalyses::None().Preserve<CallGraph>();
}

}  // namespace relink
