// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/startup_order.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>
#include <variant>

#include "passes/analysis/branch_targets.h"
#include "passes/analysis/call_graph.h"
#include "passes/graph/named_sections.h"
#include "passes/ordering/function_order.h"
#include "passes/ordering/symbol_order_file.h"

namespace relink {
namespace {

// Follows calls as a start would, but for those that it would not make.
class StartWalker {
 public:
  explicit StartWalker(const LinkGraph& graph)
      : graph_(graph), targets_(graph), touched_(graph.sections.size()) {}

  std::vector<SectionId> Walk() {
    // Dependencies are initialized before what needs them, and stand behind it.
    for (size_t i = graph_.modules.size(); i-- > 0;) {
      const ModuleId id(static_cast<uint32_t>(i));
      const elf::Dynamic& dynamic = graph_.modules[id].dynamic;
      TouchAt(id, dynamic.init);
      TouchArray(id, {dynamic.init_array.addr, dynamic.init_array.size});
    }
    TouchAt(graph_.root_id, graph_.modules[graph_.root_id].entry);
    return std::move(order_);
  }

 private:
  void TouchAt(ModuleId id, LinkAddr address) {
    if (address == LinkAddr()) return;
    for (const SectionId section_id : graph_.order) {
      const Section& section = graph_.sections[section_id];
      if (section.module_id == id && section.kind == SectionKind::kFunction &&
          section.home.Contains(address)) {
        return Touch(section_id);
      }
    }
  }

  void TouchArray(ModuleId id, LinkRange array) {
    if (array.size == 0) return;
    for (const SectionId section_id : graph_.order) {
      const Section& section = graph_.sections[section_id];
      if (section.module_id != id) continue;
      for (const Fixup& fixup : section.fixups) {
        if (!array.Contains(section.home.begin + fixup.offset)) continue;
        const auto function = targets_.Definition(fixup.target);
        if (function.has_value()) Touch(function->section_id);
      }
    }
  }

  // Without recursion: a chain of calls is as long as the file makes it.
  void Touch(SectionId id) {
    std::vector<Frame> stack;
    Enter(id, stack);
    while (!stack.empty()) {
      const std::vector<Fixup>& fixups =
          graph_.sections[stack.back().id].fixups;
      if (stack.back().next == fixups.size()) {
        stack.pop_back();
        continue;
      }
      const Fixup& fixup = fixups[stack.back().next++];
      if (!IsBranch(fixup)) continue;
      const std::optional<InSection> callee = targets_.Of(fixup);
      if (callee.has_value()) Enter(callee->section_id, stack);
    }
  }

  struct Frame {
    SectionId id;
    size_t next = 0;  // Of its fixups.
  };

  void Enter(SectionId id, std::vector<Frame>& stack) {
    if (touched_[id.index()]) return;
    touched_[id.index()] = true;
    if (IsOrderable(graph_.sections[id])) order_.push_back(id);
    stack.push_back({id});
  }

  const LinkGraph& graph_;
  const BranchTargets targets_;
  std::vector<bool> touched_;
  std::vector<SectionId> order_;
};

std::vector<SectionId> Named(const LinkGraph& graph,
                             const std::vector<std::string>& names) {
  std::vector<SectionId> order;
  for (const auto& ids : SectionsNamed(graph, names)) {
    std::ranges::copy_if(ids, std::back_inserter(order), [&](SectionId id) {
      return IsOrderable(graph.sections[id]);
    });
  }
  return order;
}

}  // namespace

absl::StatusOr<StartupOrder> StartupOrder::Create(const PassOptions& options) {
  StartupOrder order;
  if (!options.Given("file")) return order;
  absl::StatusOr<std::vector<std::string>> names =
      ReadSymbolOrderFile(options.Text("file"));
  if (!names.ok()) return options.Refuse("file", names.status().message());
  order.names = *std::move(names);
  return order;
}

absl::StatusOr<PreservedAnalyses> StartupOrder::Run(
    LinkGraph& graph, AnalysisManager<LinkGraph>& analyses) const {
  std::vector<SectionId> order =
      names.empty() ? StartWalker(graph).Walk() : Named(graph, names);
  std::vector<bool> is_first(graph.sections.size());
  std::erase_if(order, [&](SectionId id) {
    const bool again = is_first[id.index()];
    is_first[id.index()] = true;
    return again;
  });
  analyses.counters().Add(kName, "functions of the start", order.size());
  for (const SectionId id : OrderableFunctions(graph)) {
    if (!is_first[id.index()]) order.push_back(id);
  }
  ApplyFunctionOrder(order, graph);
  return PreservedAnalyses::None().Preserve<CallGraph>();
}

}  // namespace relink
