// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/icf.h"

#include <algorithm>
#include <cstdint>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "passes/analysis/function_classes.h"
#include "passes/graph/drop_section.h"
#include "passes/graph/equal_functions.h"
#include "passes/graph/merge_calls.h"
#include "passes/section_text.h"
#include "relink/pass/remark.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

struct Fold {
  SectionId from_id;
  SectionId into_id;
};

// Which to fold into which: the first of a group stays.
std::vector<Fold> PlanFolds(const LinkGraph& graph, bool all,
                            const FunctionClasses::Result& classes) {
  using Class = FunctionClasses::Class;
  std::vector<Fold> folds;
  for (const std::vector<SectionId>& group : FindEqualFunctions(graph)) {
    for (const SectionId id : group) {
      if (id == group.front()) continue;
      const bool has_identity = classes.Is(id, Class::kExported) ||
                                classes.Is(id, Class::kAddressTaken);
      if (all || !has_identity) folds.push_back({id, group.front()});
    }
  }
  return folds;
}

void MoveSymbols(const std::vector<SectionId>& into, LinkGraph& graph) {
  for (Symbol& symbol : graph.symbols) {
    auto* place = std::get_if<InSection>(&symbol.definition);
    if (place != nullptr && into[place->section_id.index()].has_value()) {
      place->section_id = into[place->section_id.index()];
    }
  }
}

void MoveCalls(const std::vector<SectionId>& into, LinkGraph& graph) {
  for (CallEdge& call : graph.calls) {
    for (SectionId* id : {&call.caller_id, &call.callee_id}) {
      if (into[id->index()].has_value()) *id = into[id->index()];
    }
  }
  MergeCalls(graph.calls);
}

void TellFolded(const LinkGraph& graph, const Fold& fold, RemarkSink& remarks) {
  if (!remarks.wanted()) return;
  const Section& section = graph.sections[fold.from_id];
  remarks.Add({.pass = Icf::kName,
               .kind = RemarkKind::kChanged,
               .module = graph.modules[section.module_id].name(),
               .subject = SectionText(graph, fold.from_id),
               .address = AddressText(section),
               .message = absl::StrCat("folded into ",
                                       SectionText(graph, fold.into_id))});
}

}  // namespace

absl::StatusOr<Icf> Icf::Create(const PassOptions& options) {
  return Icf{options.Choice("mode") == "all"};
}

absl::StatusOr<PreservedAnalyses> Icf::Run(
    LinkGraph& graph, AnalysisManager<LinkGraph>& analyses) const {
  ASSIGN_OR_RETURN(const FunctionClasses::Result* classes,
                   analyses.Get<FunctionClasses>(graph));
  const std::vector<Fold> folds = PlanFolds(graph, all, *classes);
  std::vector<SectionId> into(graph.sections.size());
  std::vector<SectionId> dropped;
  uint64_t bytes = 0;
  for (const Fold& fold : folds) {
    const Section& from = graph.sections[fold.from_id];
    Section& survivor = graph.sections[fold.into_id];
    survivor.weight += from.weight;
    survivor.alignment = std::max(survivor.alignment, from.alignment);
    into[fold.from_id.index()] = fold.into_id;
    dropped.push_back(fold.from_id);
    bytes += from.size;
    TellFolded(graph, fold, analyses.remarks());
  }
  // Before what is dropped takes its calls along.
  MoveCalls(into, graph);
  DropSections(dropped, graph);
  MoveSymbols(into, graph);
  analyses.counters().Add(kName, "functions folded", folds.size());
  analyses.counters().Add(kName, "bytes saved", bytes);
  return PreservedAnalyses::None();
}

}  // namespace relink
