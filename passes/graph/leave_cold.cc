// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/leave_cold.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "passes/analysis/branch_targets.h"
#include "passes/analysis/unwind_records.h"
#include "passes/graph/function_flow.h"
#include "passes/graph/hot_blocks.h"
#include "passes/graph/hot_parts.h"
#include "passes/graph/jump_tables.h"
#include "passes/graph/lead_callees.h"
#include "passes/section_text.h"
#include "relink/arch/relocation_rule.h"
#include "relink/arch/target.h"
#include "relink/elf/unwind_records.h"
#include "relink/ir/split_section.h"
#include "relink/pass/remark.h"
#include "relink/support/byte_view.h"

namespace relink {
namespace {

constexpr uint32_t kField = static_cast<uint32_t>(Field::k32);

void Append(std::span<const uint8_t> code, std::vector<std::byte>& bytes) {
  const auto from = std::as_bytes(code);
  bytes.insert(bytes.end(), from.begin(), from.end());
}

Fixup BranchTo(const LinkGraph& graph, SectionId to, uint64_t offset,
               const RelocationRule* rule, size_t place) {
  Fixup fixup;
  fixup.offset = static_cast<uint32_t>(place) & 0x3fffffff;
  fixup.target = graph.sections[to].symbol_id;
  fixup.rule = rule;
  fixup.addend = static_cast<int64_t>(offset) - int64_t{kField};
  return fixup;
}

// Cuts one function.
struct CutFunction {
  SectionId id;
  FunctionFlow flow;
  std::vector<FunctionPart> parts;
  std::vector<SectionId> children;  // One for each part.
};

class Leaver {
 public:
  Leaver(LinkGraph& graph, AnalysisManager<LinkGraph>& analyses)
      : graph_(graph), analyses_(analyses), tables_(graph), frames_(graph) {}

  void Run() {
    for (size_t i = 0; i < graph_.samples.size();) {
      const SectionId id = graph_.samples[i].section_id;
      std::vector<uint32_t> ran;
      for (; i < graph_.samples.size() && graph_.samples[i].section_id == id;
           ++i) {
        ran.push_back(static_cast<uint32_t>(graph_.samples[i].offset));
      }
      if (IsCopied(graph_.sections[id])) Plan(id, std::move(ran));
    }
    if (functions_.empty()) return;
    KeepAddresses();
    Split();
    for (const CutFunction& function : functions_) Place(function);
    for (const CutFunction& function : functions_) LeadFromCold(function);
    // What was in an appended jump, or in what fills the end of a function.
    std::erase_if(graph_.samples, [&](const Sample& sample) {
      return sample.offset >= graph_.sections[sample.section_id].size;
    });
    Count("functions cut", functions_.size());
    Count("bytes left", left_);
    if (analyses_.remarks().wanted()) {
      const std::string message =
          absl::StrFormat("of %d functions of %d bytes, %d bytes stay behind",
                          functions_.size(), all_, left_);
      analyses_.remarks().Add({.pass = LeaveCold::kName,
                               .kind = RemarkKind::kNote,
                               .message = message});
    }
  }

 private:
  bool IsCopied(const Section& section) const {
    return section.live() && section.kind == SectionKind::kFunction &&
           section.arena_id.has_value() &&
           graph_.modules[section.module_id].materialization ==
               Materialization::kOverlay;
  }

  void Count(absl::string_view name, uint64_t number) {
    analyses_.counters().Add(LeaveCold::kName, name, number);
  }

  void Refuse(SectionId id, absl::string_view why) {
    if (!analyses_.remarks().wanted()) return;
    const Section& section = graph_.sections[id];
    analyses_.remarks().Add({.pass = LeaveCold::kName,
                             .kind = RemarkKind::kRefused,
                             .module = graph_.modules[section.module_id].name(),
                             .subject = SectionText(graph_, id),
                             .address = AddressText(section),
                             .message = why});
  }

  // Originals of what is hot may run from now on, and take the addresses of
  // originals: so these are what everybody must take.
  void KeepAddresses() {
    for (const SectionId id : graph_.order) {
      if (graph_.sections[id].memory_class != MemoryClass::kCode) continue;
      for (const Fixup& fixup : graph_.sections[id].fixups) {
        const auto* taken =
            std::get_if<InSection>(&graph_.symbols[fixup.target].definition);
        if (taken == nullptr || IsBranch(fixup)) continue;
        Section& section = graph_.sections[taken->section_id];
        if (!IsCopied(section)) continue;
        section.address_kept = true;
        section.leads |= CanLead(graph_, section);
      }
    }
  }

  const Target& TargetOf(const Section& section) const {
    return *graph_.modules[section.module_id].target;
  }

  void Plan(SectionId id, std::vector<uint32_t> ran) {
    const Section& section = graph_.sections[id];
    const std::span<const std::byte> code =
        section.contents.bytes().first(OwnSize(section));
    if (IsPartOfFunction(graph_, section)) {
      return Refuse(id, "is a part itself");
    }
    const Target& target = TargetOf(section);
    if (target.jump.empty() || target.conditional_jump.empty()) {
      return Refuse(id, "its machine has no branches that reach");
    }
    const char* why_not = WhyNotFrame(id);
    if (why_not != nullptr) return Refuse(id, why_not);
    std::optional<FunctionFlow> flow = ReadFlow(target, code, EntriesOf(id));
    if (!flow.has_value()) return Refuse(id, "its flow is not understood");
    std::erase_if(ran, [&](uint32_t at) { return at >= code.size(); });
    // Its original may become a jump, which what stays must not run into.
    if (section.can_lead) {
      if (EntersBehindBeginning(*flow, target.jump.size())) {
        return Refuse(id, "jumps to where the jump to its copy is");
      }
      for (uint32_t i = 1; i < target.jump.size() && i < code.size(); ++i) {
        ran.push_back(i);
      }
    }
    std::vector<FunctionPart> parts =
        CutHotParts(*flow, FindHotBlocks(*flow, ran));
    if (parts.empty()) return;
    functions_.push_back({id, *std::move(flow), std::move(parts), {}});
  }

  static bool EntersBehindBeginning(const FunctionFlow& flow, size_t size) {
    return std::ranges::any_of(flow.blocks, [&](const FlowBlock& block) {
      return std::ranges::any_of(block.jumps, [&](uint32_t to) {
        const uint32_t begin = flow.blocks[to].begin;
        return begin > 0 && begin < size;
      });
    });
  }

  // Without a jump to what follows the function in the file, which was appended
  // to it.
  uint64_t OwnSize(const Section& section) const {
    const bool has_jump = !section.fixups.empty() &&
                          section.fixups.back().origin == FixupOrigin::kMade;
    return section.contents.size() -
           (has_jump ? TargetOf(section).jump.size() : 0);
  }

  // Where its switches lead.
  std::vector<uint32_t> EntriesOf(SectionId id) const {
    std::vector<uint32_t> entries;
    const LinkAddr begin = graph_.sections[id].home.begin;
    for (const SectionId table_id : tables_.Of(id)) {
      const Section& table = graph_.sections[table_id];
      for (const Fixup& fixup : table.fixups) {
        entries.push_back(
            static_cast<uint32_t>(HomeTarget(graph_, table, fixup) - begin));
      }
    }
    return entries;
  }

  // Why the unwind record cannot be that of a part; null if it can.
  const char* WhyNotFrame(SectionId id) const {
    const Section& section = graph_.sections[id];
    if (section.fde.size == 0) return nullptr;
    const SectionId frames_id = frames_.Of(id).section_id;
    if (!frames_id.has_value()) return "its unwind record was not opened";
    const Section& frames = graph_.sections[frames_id];
    elf::UnwindRecords<elf::Elf64Le> records(ByteView(frames.contents.bytes()),
                                             frames.home.begin);
    const auto record = records.Read(section.fde.begin);
    if (!record.ok() || record->problem != nullptr ||
        record->code.begin != section.home.begin) {
      return "its unwind record is not understood";
    }
    if (record->address_modulo != 1) {
      return "its unwind record computes with the address";
    }
    if (record->lsda.target != LinkAddr()) return "has landing pads";
    return nullptr;
  }

  void Split() {
    std::vector<SectionCut> cuts;
    for (const CutFunction& function : functions_) {
      const Section& section = graph_.sections[function.id];
      SectionCut& cut = cuts.emplace_back();
      cut.section_id = function.id;
      for (size_t i = 0; i < function.parts.size(); ++i) {
        const FunctionPart& part = function.parts[i];
        const bool last = i + 1 == function.parts.size();
        SectionPart child;
        child.home = {section.home.begin + part.begin,
                      (last ? section.home.size : part.end) - part.begin};
        // With the appended jump.
        child.size = (last ? section.contents.size() : part.end) - part.begin;
        child.name = i == 0
                         ? section.name
                         : graph_.KeepName(absl::StrCat(
                               section.name, part.hot ? ".hot." : ".cold.", i));
        child.fde = section.fde;
        if (i == 0) {
          child.address_kept = section.address_kept;
          child.reached = section.reached;
          child.can_lead = section.can_lead;
        }
        cut.parts.push_back(child);
      }
    }
    const std::vector<SectionId> children =
        SplitSections(graph_, std::move(cuts));
    size_t next = 0;
    for (CutFunction& function : functions_) {
      for (size_t i = 0; i < function.parts.size(); ++i) {
        function.children.push_back(children[next++]);
      }
    }
  }

  void Place(const CutFunction& function) {
    Section& whole = graph_.sections[function.id];
    const ArenaId arena_id = std::exchange(whole.arena_id, ArenaId());
    graph_.sections[function.children[0]].leads =
        std::exchange(whole.leads, false);
    for (const SectionId table : tables_.Of(function.id)) {
      graph_.sections[table].owner_id = function.children[0];
    }
    all_ += whole.size;
    for (size_t i = 0; i < function.parts.size(); ++i) {
      const FunctionPart& part = function.parts[i];
      Section& child = graph_.sections[function.children[i]];
      if (!part.hot) {
        TakeJump(child);  // In the file, what follows is there.
        left_ += child.size;
        UseOwnTables(child);
        continue;
      }
      child.arena_id = arena_id;
      child.leads |= part.leads;
      if (i > 0) {
        child.alignment = 1;
        child.follows =
            function.parts[i - 1].hot && function.parts[i - 1].goes_on;
      }
      LinkPart(function, i);
    }
    for (const Sample& sample : SamplesOf(function)) {
      graph_.sections[sample.section_id].weight += sample.weight;
    }
  }

  // Once all parts have their places.
  void LeadFromCold(const CutFunction& function) {
    const ArenaId arena_id = graph_.sections[function.children[0]].arena_id;
    for (size_t i = 0; i < function.parts.size(); ++i) {
      if (!function.parts[i].hot) {
        LeadCallees(graph_, function.children[i], arena_id);
      }
    }
  }

  // Takes off a jump that was appended; returns its fixup.
  std::optional<Fixup> TakeJump(Section& section) const {
    const uint64_t own = OwnSize(section);
    if (own == section.size) return std::nullopt;
    const Fixup fixup = section.fixups.back();
    section.fixups.pop_back();
    section.contents = SectionContents(section.contents.bytes().first(own));
    section.size = own;
    return fixup;
  }

  // Children are numbered in a row, and so are their samples.
  std::span<const Sample> SamplesOf(const CutFunction& function) const {
    const auto begin = std::ranges::lower_bound(
        graph_.samples, function.children.front(), {}, &Sample::section_id);
    const auto end = std::ranges::upper_bound(
        graph_.samples, function.children.back(), {}, &Sample::section_id);
    return {begin, end};
  }

  // What stays has its switches' tables where the file has them.
  void UseOwnTables(Section& cold) {
    for (Fixup& fixup : cold.fixups) {
      const auto* place =
          std::get_if<InSection>(&graph_.symbols[fixup.target].definition);
      if (place == nullptr) continue;
      const Section& table = graph_.sections[place->section_id];
      if (table.kind != SectionKind::kJumpTable) continue;
      const Section& parent = graph_.sections[table.parent_id];
      fixup.target = parent.symbol_id;
      fixup.addend += table.home.begin - parent.home.begin;
    }
  }

  // Has branches of a hot part lead to the other parts.
  void LinkPart(const CutFunction& function, size_t number) {
    const FunctionPart& part = function.parts[number];
    Section& section = graph_.sections[function.children[number]];
    const Target& target = TargetOf(section);
    const RelocationRule* rule =
        target.FindRule(Formula::kPcRelative, Field::k32, Lookup::kCall);
    std::vector<Fixup> fixups;
    std::optional<Fixup> jump = TakeJump(section);
    for (const uint32_t i : part.leaving) {
      const FlowBranch& branch = function.flow.branches[i];
      const auto [to, offset] = Find(function, branch.target);
      size_t place = branch.offset + branch.field_offset - part.begin;
      if (branch.field_size == 1) {
        place = Lengthen(branch, branch.offset - part.begin, section);
      }
      fixups.push_back(BranchTo(graph_, to, offset, rule, place));
    }
    const bool next_is_hot =
        number + 1 < function.parts.size() && function.parts[number + 1].hot;
    if (part.goes_on && !next_is_hot) {
      jump = BranchTo(graph_, function.children[number + 1], 0, rule, 0);
      jump->origin = FixupOrigin::kMade;
    }
    if (jump.has_value()) {
      std::vector<std::byte>& bytes = section.contents.Mutable();
      Append(target.jump, bytes);
      jump->offset = static_cast<uint32_t>(bytes.size() - kField) & 0x3fffffff;
      fixups.push_back(*jump);
    }
    section.size = section.contents.size();
    const auto middle = static_cast<std::ptrdiff_t>(section.fixups.size());
    section.fixups.insert(section.fixups.end(), fixups.begin(), fixups.end());
    std::inplace_merge(
        section.fixups.begin(), section.fixups.begin() + middle,
        section.fixups.end(),
        [](const Fixup& a, const Fixup& b) { return a.offset < b.offset; });
  }

  // Which part an offset of the function is in, and where.
  static std::pair<SectionId, uint64_t> Find(const CutFunction& function,
                                             uint32_t offset) {
    const auto after = std::ranges::upper_bound(function.parts, offset, {},
                                                &FunctionPart::begin);
    const auto number = static_cast<size_t>(after - function.parts.begin()) - 1;
    return {function.children[number], offset - function.parts[number].begin};
  }

  // Gives the last instruction of a part its long form; returns where its field
  // is.
  size_t Lengthen(const FlowBranch& branch, size_t at, Section& section) const {
    const Target& target = TargetOf(section);
    std::vector<std::byte>& bytes = section.contents.Mutable();
    bytes.resize(at + branch.opcode_offset);  // Prefixes stay.
    Append(branch.conditional ? target.conditional_jump : target.jump, bytes);
    const size_t field = bytes.size() - kField;
    if (branch.conditional) {
      bytes[field - 1] |= static_cast<std::byte>(branch.condition);
    }
    return field;
  }

  LinkGraph& graph_;
  AnalysisManager<LinkGraph>& analyses_;
  const JumpTablesByOwner tables_;
  const UnwindRecords frames_;  // As long as nothing is cut.
  std::vector<CutFunction> functions_;
  uint64_t all_ = 0;   // Bytes of functions that were cut.
  uint64_t left_ = 0;  // Of these, what stays.
};

}  // namespace

absl::StatusOr<LeaveCold> LeaveCold::Create(const PassOptions& options) {
  (void)options;
  return LeaveCold();
}

absl::StatusOr<PreservedAnalyses> LeaveCold::Run(
    LinkGraph& graph, AnalysisManager<LinkGraph>& analyses) const {
  Leaver(graph, analyses).Run();
  return PreservedAnalyses::None();
}

}  // namespace relink
