// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/analysis/function_classes.h"

#include <variant>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "passes/analysis/branch_targets.h"
#include "passes/analysis/call_cycles.h"
#include "passes/analysis/call_graph.h"
#include "passes/analysis/references.h"
#include "passes/section_text.h"
#include "relink/arch/relocation_rule.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

using Class = FunctionClasses::Class;

constexpr uint64_t kSmall = 16;

// What GCC and Clang call parts and functions that they think unlikely.
bool IsColdName(absl::string_view name) {
  return absl::EndsWith(name, ".cold") || absl::StrContains(name, ".cold.") ||
         absl::StartsWith(name, ".text.unlikely") ||
         absl::StartsWith(name, ".text.cold");
}

class Classifier {
 public:
  Classifier(const LinkGraph& graph, const CallGraph::Result& calls,
             const References::Result& references)
      : graph_(graph),
        calls_(calls),
        references_(references),
        cyclic_(FindCallCycles(calls)),
        classes_(graph.sections.size()) {}

  std::vector<uint16_t> Classify() && {
    for (uint32_t i = 0; i < graph_.sections.size(); ++i) {
      if (IsFunction(SectionId(i))) ClassifyFunction(SectionId(i));
    }
    for (const Symbol& symbol : graph_.symbols) {
      const auto* place = std::get_if<InSection>(&symbol.definition);
      if (place == nullptr || !IsFunction(place->section_id)) continue;
      if (symbol.exported) Add(place->section_id, Class::kExported);
      if (IsColdName(symbol.name)) Add(place->section_id, Class::kColdByName);
    }
    for (const Section& section : graph_.sections) {
      if (section.live() && section.owner_id.has_value()) {
        Add(section.owner_id, Class::kWithJumpTable);
      }
    }
    ClearCalled();
    return std::move(classes_);
  }

 private:
  bool IsFunction(SectionId id) const {
    const Section& section = graph_.sections[id];
    return section.live() && section.kind == SectionKind::kFunction;
  }
  void Add(SectionId id, Class c, bool condition = true) {
    if (condition) classes_[id.index()] |= static_cast<uint16_t>(c);
  }

  void ClassifyFunction(SectionId id) {
    const Section& section = graph_.sections[id];
    uint32_t branches = 0;
    uint32_t others = 0;
    for (const Fixup& fixup : section.fixups) {
      if (!IsBranch(fixup)) {
        ++others;
      } else if (!IsInside(id, fixup)) {
        ++branches;
      }
    }
    const bool small = section.size <= kSmall;
    Add(id, Class::kLeaf, branches == 0);
    Add(id, Class::kThunk, small && branches == 1);
    Add(id, Class::kStub, small && branches == 0 && others == 1);
    Add(id, Class::kRecursive, cyclic_[id.index()]);
    Add(id, Class::kAddressTaken, IsAddressTaken(id));
    Add(id, Class::kUncalled);
    Add(id, Class::kColdByName, IsColdName(section.name));
    Add(id, Class::kHot, section.weight > 0);
    Add(id, Class::kPinned, !section.pinned.empty());
    Add(id, Class::kWithUnwind, section.fde.size != 0);
  }

  bool IsInside(SectionId id, const Fixup& fixup) const {
    if (!fixup.target.has_value()) return false;
    const auto* place =
        std::get_if<InSection>(&graph_.symbols[fixup.target].definition);
    return place != nullptr && place->section_id == id;
  }

  // An unwind record has the address of each function, but for nobody to take.
  bool IsAddressTaken(SectionId id) const {
    for (const References::Reference& reference : references_.To(id)) {
      const Section& from = graph_.sections[reference.from_id];
      if (reference.from_id == id || from.kind == SectionKind::kUnwind ||
          from.kind == SectionKind::kJumpTable || from.name == ".eh_frame") {
        continue;
      }
      // A GOT entry of a PLT is for calls only.
      const RelocationRule& rule = *from.fixups[reference.fixup].rule;
      if (rule.lookup != Lookup::kCall) return true;
    }
    return false;
  }

  void ClearCalled() {
    for (const CallGraph::Edge& edge : calls_.edges) {
      if (edge.caller_id == edge.callee_id) continue;
      classes_[edge.callee_id.index()] &=
          static_cast<uint16_t>(~static_cast<uint16_t>(Class::kUncalled));
    }
  }

  const LinkGraph& graph_;
  const CallGraph::Result& calls_;
  const References::Result& references_;
  const std::vector<bool> cyclic_;
  std::vector<uint16_t> classes_;
};

}  // namespace

absl::string_view Name(Class c) {
  switch (c) {
    case Class::kLeaf:
      return "leaf";
    case Class::kThunk:
      return "thunk";
    case Class::kStub:
      return "stub";
    case Class::kRecursive:
      return "recursive";
    case Class::kExported:
      return "exported";
    case Class::kAddressTaken:
      return "address-taken";
    case Class::kUncalled:
      return "uncalled";
    case Class::kColdByName:
      return "cold-by-name";
    case Class::kHot:
      return "hot";
    case Class::kPinned:
      return "pinned";
    case Class::kWithJumpTable:
      return "jump-table";
    case Class::kWithUnwind:
      return "unwind";
  }
  return "";
}

absl::StatusOr<FunctionClasses::Result> FunctionClasses::Run(
    const LinkGraph& graph, AnalysisManager<LinkGraph>& analyses) const {
  ASSIGN_OR_RETURN(const CallGraph::Result* calls,
                   analyses.Get<CallGraph>(graph));
  ASSIGN_OR_RETURN(const References::Result* references,
                   analyses.Get<References>(graph));
  return Result{&graph, Classifier(graph, *calls, *references).Classify()};
}

std::string FunctionClasses::Print(const Result& result) {
  std::string text;
  for (uint32_t i = 0; i < result.classes.size(); ++i) {
    const Section& section = result.graph->sections[SectionId(i)];
    if (!section.live() || section.kind != SectionKind::kFunction) continue;
    absl::StrAppend(&text, SectionText(*result.graph, SectionId(i)));
    absl::string_view separator = ": ";
    for (uint16_t bit = 1; bit <= static_cast<uint16_t>(Class::kWithUnwind);
         bit = static_cast<uint16_t>(bit << 1)) {
      if ((result.classes[i] & bit) == 0) continue;
      absl::StrAppend(&text, separator, Name(Class{bit}));
      separator = ", ";
    }
    absl::StrAppend(&text, "\n");
  }
  return text;
}

}  // namespace relink
