// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/analysis/reachability.h"

#include <algorithm>
#include <array>
#include <variant>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "passes/analysis/unwind_records.h"
#include "passes/section_text.h"

namespace relink {
namespace {

// What compilers call data; other sections are for the loader, or for somebody
// who finds them by other means.
bool IsProgramData(absl::string_view name) {
  static constexpr absl::string_view kNames[] = {".rodata",  ".data",  ".bss",
                                                 ".lrodata", ".ldata", ".lbss"};
  return std::ranges::any_of(kNames, [&](absl::string_view known) {
    return name == known || absl::StartsWith(name, absl::StrCat(known, "."));
  });
}

bool Overlaps(LinkRange a, LinkRange b) {
  return a.begin < b.end() && b.begin < a.end();
}

// What is called or read by the module's own tables.
bool IsNamedByModule(const Module& module, const Section& section) {
  const elf::Dynamic& dynamic = module.dynamic;
  const auto overlaps = [&](const elf::Dynamic::Span& span) {
    return span.size != 0 && Overlaps(section.home, {span.addr, span.size});
  };
  for (const LinkAddr addr : {module.entry, dynamic.init, dynamic.fini}) {
    if (addr != LinkAddr() && section.home.Contains(addr)) return true;
  }
  return overlaps(dynamic.preinit_array) || overlaps(dynamic.init_array) ||
         overlaps(dynamic.fini_array);
}

class Marker {
 public:
  explicit Marker(const LinkGraph& graph)
      : graph_(graph), reachable_(graph.sections.size()), unwind_(graph) {}

  void Mark(SectionId id) {
    if (!graph_.sections[id].live() || reachable_[id.index()]) return;
    reachable_[id.index()] = true;
    waiting_.push_back(id);
  }

  std::vector<bool> Finish() && {
    while (!waiting_.empty()) {
      const SectionId id = waiting_.back();
      waiting_.pop_back();
      Visit(id);
    }
    return std::move(reachable_);
  }

 private:
  void Visit(SectionId id) {
    const Section& section = graph_.sections[id];
    for (uint32_t i = 0; i < section.fixups.size(); ++i) {
      if (!unwind_.IsOfFunction(id, section.fixups[i].offset)) {
        MarkTarget(section.fixups[i]);
      }
    }
    if (section.owner_id.has_value()) Mark(section.owner_id);
    const UnwindRecord record = unwind_.Of(id);
    for (const Fixup& fixup : unwind_.FixupsOf(record)) MarkTarget(fixup);
  }

  void MarkTarget(const Fixup& fixup) {
    if (!fixup.target.has_value()) return;
    const auto* place =
        std::get_if<InSection>(&graph_.symbols[fixup.target].definition);
    if (place != nullptr) Mark(place->section_id);
  }

  const LinkGraph& graph_;
  std::vector<bool> reachable_;
  const UnwindRecords unwind_;
  std::vector<SectionId> waiting_;
};

}  // namespace

bool MayDie(const LinkGraph& graph, const Section& section) {
  const Module& module = graph.modules[section.module_id];
  if (module.capability < Capability::kReorderable ||
      module.depth < OpenDepth::kFunctions || !section.pinned.empty() ||
      IsNamedByModule(module, section)) {
    return false;
  }
  switch (section.kind) {
    case SectionKind::kFunction:
    case SectionKind::kRemainder:
    case SectionKind::kJumpTable:
      return true;
    case SectionKind::kOutput:
      return section.memory_class != MemoryClass::kCode &&
             section.memory_class != MemoryClass::kTls &&
             IsProgramData(section.name);
    case SectionKind::kUnwind:
    case SectionKind::kStubs:
    case SectionKind::kMade:
      return false;
  }
  return false;
}

std::vector<bool> FindReachable(const LinkGraph& graph,
                                std::span<const SectionId> more_roots) {
  Marker marker(graph);
  for (uint32_t i = 0; i < graph.sections.size(); ++i) {
    const Section& section = graph.sections[SectionId(i)];
    if (section.live() && !MayDie(graph, section)) marker.Mark(SectionId(i));
  }
  for (const Symbol& symbol : graph.symbols) {
    const auto* place = std::get_if<InSection>(&symbol.definition);
    if (symbol.exported && place != nullptr) marker.Mark(place->section_id);
  }
  for (const SectionId id : more_roots) marker.Mark(id);
  return std::move(marker).Finish();
}

absl::StatusOr<Reachability::Result> Reachability::Run(
    const LinkGraph& graph, AnalysisManager<LinkGraph>& /*analyses*/) const {
  return Result{&graph, FindReachable(graph, {})};
}

std::string Reachability::Print(const Result& result) {
  std::string text;
  for (uint32_t i = 0; i < result.reachable.size(); ++i) {
    if (!result.graph->sections[SectionId(i)].live() || result.reachable[i]) {
      continue;
    }
    absl::StrAppend(&text, SectionText(*result.graph, SectionId(i)), "\n");
  }
  return text;
}

}  // namespace relink
