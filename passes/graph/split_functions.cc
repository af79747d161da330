// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/split_functions.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "passes/graph/function_parts.h"
#include "relink/arch/relocation_rule.h"
#include "relink/ir/copy_jump_table.h"
#include "relink/ir/split_section.h"
#include "relink/pass/remark.h"
#include "relink/scan/open_module.h"

namespace relink {
namespace {

// What cutting one module takes.
class ModuleSplitter {
 public:
  ModuleSplitter(LinkGraph& graph, ModuleId id,
                 AnalysisManager<LinkGraph>& analyses)
      : graph_(graph), id_(id), analyses_(analyses) {}

  // Unless `wanted` is null, these functions only.
  void Split(const WantedFunctions* wanted = nullptr) {
    if (std::any_of(module().sections.begin(), module().sections.end(),
                    [&](SectionId id) { return graph_.sections[id].split; })) {
      return;
    }
    const absl::Status status =
        wanted != nullptr && module().depth == OpenDepth::kClosed
            ? OpenFunctionsAt(graph_, id_, *wanted)
            : OpenModule(graph_, id_, OpenDepth::kFunctions);
    if (!status.ok()) {
      Refuse({.message = status.message()});
      return;
    }
    children_ = SplitSections(graph_, CutIntoFunctions(graph_, id_));
    MatchFunctions();
    CopyTables();
    Count("sections made", children_.size());
    Count("functions that may move", movable_);
  }

 private:
  Module& module() { return graph_.modules[id_]; }

  void Count(absl::string_view name, uint64_t number) {
    analyses_.counters().Add(SplitFunctions::kName, name, number);
  }
  void Refuse(Remark remark) {
    if (!analyses_.remarks().wanted()) return;
    remark.pass = SplitFunctions::kName;
    remark.kind = RemarkKind::kRefused;
    remark.module = module().name();
    analyses_.remarks().Add(remark);
  }

  // Children ascend as functions do, with others between them.
  void MatchFunctions() {
    size_t next = 0;
    function_sections_.resize(module().functions.size());
    for (size_t i = 0; i < function_sections_.size(); ++i) {
      const Function& function = module().functions[i];
      while (Child(next).home.begin != function.range.begin) ++next;
      function_sections_[i] = children_[next];
      if (function.falls_through) EndWithJump(next);
      if (function.pinned.empty()) {
        ++movable_;
      } else {
        RefuseFunction(Child(next));
      }
    }
  }

  Section& Child(size_t i) { return graph_.sections[children_[i]]; }

  void RefuseFunction(const Section& section) {
    if (!analyses_.remarks().wanted()) return;
    const std::string address =
        absl::StrCat("0x", absl::Hex(section.home.begin.value()));
    const std::string message = absl::StrCat(
        section.pinned, " (at 0x", absl::Hex(section.pinned_at.value()), ")");
    Refuse({.subject = section.name, .address = address, .message = message});
  }

  // To what follows it in the file.
  void EndWithJump(size_t i) {
    const Target& target = *module().target;
    Section& section = Child(i);
    std::vector<std::byte>& bytes = section.contents.Mutable();
    bytes.reserve(bytes.size() + target.jump.size());
    for (const uint8_t byte : target.jump) {
      bytes.push_back(static_cast<std::byte>(byte));
    }
    section.size = bytes.size();
    Fixup fixup;
    const auto width = static_cast<uint32_t>(Field::k32);
    fixup.offset = (static_cast<uint32_t>(bytes.size()) - width) & 0x3fffffff;
    fixup.origin = FixupOrigin::kMade;
    fixup.target = Child(i + 1).symbol_id;
    fixup.rule =
        target.FindRule(Formula::kPcRelative, Field::k32, Lookup::kCall);
    fixup.addend = -int64_t{width};
    section.fixups.push_back(fixup);
  }

  void CopyTables() {
    const size_t count = module().jump_tables.size();
    graph_.sections.Reserve(graph_.sections.size() + count);
    graph_.symbols.Reserve(graph_.symbols.size() + count);
    for (const JumpTable& table : module().jump_tables) {
      const SectionId owner_id = function_sections_[table.function];
      if (!graph_.sections[owner_id].pinned.empty()) continue;
      if (CopyJumpTable(graph_, table, owner_id).has_value()) {
        Count("jump tables copied", 1);
      }
    }
  }

  LinkGraph& graph_;
  ModuleId id_;
  AnalysisManager<LinkGraph>& analyses_;
  std::vector<SectionId> children_;
  std::vector<SectionId> function_sections_;
  uint64_t movable_ = 0;
};

}  // namespace

absl::StatusOr<SplitFunctions> SplitFunctions::Create(
    const PassOptions& options) {
  return SplitFunctions{.root_only = options.Choice("modules") == "root"};
}

absl::StatusOr<PreservedAnalyses> SplitFunctions::Run(
    LinkGraph& graph, AnalysisManager<LinkGraph>& analyses) const {
  for (uint32_t i = 0; i < graph.modules.size(); ++i) {
    const ModuleId id(i);
    if (root_only && id != graph.root_id) continue;
    SplitModule(graph, id, analyses);
  }
  return PreservedAnalyses::None();
}

void SplitModule(LinkGraph& graph, ModuleId id,
                 AnalysisManager<LinkGraph>& analyses) {
  ModuleSplitter(graph, id, analyses).Split();
}

void SplitModuleAt(LinkGraph& graph, ModuleId id, const WantedFunctions& wanted,
                   AnalysisManager<LinkGraph>& analyses) {
  ModuleSplitter(graph, id, analyses).Split(&wanted);
}

}  // namespace relink
