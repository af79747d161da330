// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/place.h"

#include <algorithm>
#include <array>
#include <span>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "passes/analysis/call_graph.h"
#include "passes/graph/choose_materialization.h"
#include "passes/graph/jump_tables.h"
#include "passes/graph/named_sections.h"
#include "passes/ordering/function_order.h"
#include "passes/section_text.h"
#include "relink/pass/remark.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

constexpr size_t kClasses = static_cast<size_t>(MemoryClass::kTls) + 1;

// The arenas of one run, made as they are needed.
class Arenas {
 public:
  Arenas(LinkGraph& graph, const Place& options)
      : graph_(graph),
        options_(options),
        ids_(options.share_by_module ? graph.modules.size() : 1) {}

  void Put(SectionId id) {
    Section& section = graph_.sections[id];
    const size_t set = options_.share_by_module ? section.module_id.index() : 0;
    ArenaId& arena_id = ids_[set][static_cast<size_t>(section.memory_class)];
    if (!arena_id.has_value()) {
      arena_id = Make(section.memory_class, section.module_id);
    }
    section.arena_id = arena_id;
  }

 private:
  ArenaId Make(MemoryClass memory_class, ModuleId module_id) {
    std::string name(Name(memory_class));
    if (options_.share_by_module) {
      const absl::string_view path = graph_.modules[module_id].name();
      name = absl::StrCat(path.substr(path.rfind('/') + 1), "/", name);
    }
    return graph_.arenas.Add(
        {.name = UniqueName(name),
         .memory_class = memory_class,
         .huge_pages =
             options_.huge_pages && memory_class == MemoryClass::kCode});
  }

  // "code", and after that "code.2".
  std::string UniqueName(const std::string& name) const {
    std::string unique = name;
    for (int number = 2; std::ranges::any_of(
             graph_.arenas,
             [&](const Arena& arena) { return arena.name == unique; });
         ++number) {
      unique = absl::StrCat(name, ".", number);
    }
    return unique;
  }

  LinkGraph& graph_;
  const Place& options_;
  std::vector<std::array<ArenaId, kClasses>> ids_;
};

class Placer {
 public:
  Placer(LinkGraph& graph, AnalysisManager<LinkGraph>& analyses,
         const Place& options)
      : graph_(graph),
        analyses_(analyses),
        options_(options),
        arenas_(graph, options),
        tables_(graph) {}

  absl::Status Run();

 private:
  void PlaceCopy(SectionId id);
  // Why a function is not copied; empty if it is.
  std::string WhyNot(SectionId id) const;
  void Tell(SectionId id, RemarkKind kind, absl::string_view message) const;

  LinkGraph& graph_;
  AnalysisManager<LinkGraph>& analyses_;
  const Place& options_;
  Arenas arenas_;
  const JumpTablesByOwner tables_;
  std::vector<bool> named_;  // By section, if functions are named.
  uint64_t bytes_ = 0;       // Of copied functions.
  uint64_t functions_ = 0;
};

absl::Status Placer::Run() {
  if (options_.which == Place::Which::kNamed) {
    named_.resize(graph_.sections.size());
    for (const auto& ids : SectionsNamed(graph_, options_.names)) {
      for (const SectionId id : ids) named_[id.index()] = true;
    }
  }
  for (const SectionId id : graph_.order) {
    const Section& section = graph_.sections[id];
    if (section.arena_id.has_value()) continue;
    const Module& module = graph_.modules[section.module_id];
    switch (module.materialization) {
      case Materialization::kWhole:
        break;
      case Materialization::kOverlay:
        if (section.kind == SectionKind::kFunction) {
          PlaceCopy(id);
        } else if (section.home == LinkRange() && section.pinned.empty() &&
                   section.kind != SectionKind::kJumpTable) {
          arenas_.Put(id);
        }
        break;
      case Materialization::kArenas:
        if (!section.pinned.empty()) {
          return absl::FailedPreconditionError(absl::StrCat(
              module.name(), ": ", SectionText(graph_, id),
              " is pinned, and the module is in arenas: ", section.pinned));
        }
        arenas_.Put(id);
        functions_ += section.kind == SectionKind::kFunction ? 1 : 0;
        break;
    }
  }
  analyses_.counters().Add(Place::kName, "functions placed", functions_);
  analyses_.counters().Add(Place::kName, "bytes of functions copied", bytes_);
  return absl::OkStatus();
}

std::string Placer::WhyNot(SectionId id) const {
  const Section& section = graph_.sections[id];
  if (!section.pinned.empty()) return std::string(section.pinned);
  if (options_.which == Place::Which::kHot && section.weight <= 0) {
    return "it is not hot";
  }
  if (!named_.empty() && !named_[id.index()]) return "it is not asked for";
  for (const SectionId table : tables_.Of(id)) {
    if (!graph_.sections[table].pinned.empty()) {
      return absl::StrCat("its jump table is pinned: ",
                          graph_.sections[table].pinned);
    }
  }
  if (options_.max_bytes != 0 && (section.size > options_.max_bytes ||
                                  bytes_ > options_.max_bytes - section.size)) {
    return "there is no room for it";
  }
  return "";
}

void Placer::PlaceCopy(SectionId id) {
  const std::string why_not = WhyNot(id);
  if (!why_not.empty()) {
    Tell(id, RemarkKind::kRefused, why_not);
    return;
  }
  arenas_.Put(id);
  for (const SectionId table : tables_.Of(id)) arenas_.Put(table);
  bytes_ += graph_.sections[id].size;
  ++functions_;
  Tell(id, RemarkKind::kMoved,
       graph_.arenas[graph_.sections[id].arena_id].name);
}

void Placer::Tell(SectionId id, RemarkKind kind,
                  absl::string_view message) const {
  if (!analyses_.remarks().wanted()) return;
  const Section& section = graph_.sections[id];
  analyses_.remarks().Add({.pass = Place::kName,
                           .kind = kind,
                           .module = graph_.modules[section.module_id].name(),
                           .subject = SectionText(graph_, id),
                           .address = AddressText(section),
                           .message = message});
}

}  // namespace

absl::StatusOr<Place> Place::Create(const PassOptions& options) {
  Place place;
  place.names = options.List("functions");
  if (place.names.empty()) {
    return options.Refuse("functions", "expected all, hot or names");
  }
  if (place.names.size() == 1 && place.names[0] == "all") {
    place.which = Which::kAll;
  } else if (place.names.size() == 1 && place.names[0] == "hot") {
    place.which = Which::kHot;
  } else {
    place.which = Which::kNamed;
  }
  place.share_by_module = options.Choice("share") == "module";
  place.huge_pages = options.Choice("pages") == "huge";
  place.max_bytes = options.Size("max");
  return place;
}

absl::StatusOr<PreservedAnalyses> Place::Run(
    LinkGraph& graph, AnalysisManager<LinkGraph>& analyses) const {
  RETURN_IF_ERROR(ChooseIfNothingDid(graph, analyses));
  RETURN_IF_ERROR(Placer(graph, analyses, *this).Run());
  return PreservedAnalyses::None().Preserve<CallGraph>();
}

}  // namespace relink
