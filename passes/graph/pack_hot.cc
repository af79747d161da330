// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/pack_hot.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "passes/analysis/call_graph.h"
#include "passes/analysis/hotness.h"
#include "passes/graph/choose_materialization.h"
#include "passes/graph/jump_tables.h"
#include "passes/graph/lead_callees.h"
#include "passes/ordering/cache_directed_sort.h"
#include "passes/ordering/call_chain_clustering.h"
#include "passes/ordering/function_order.h"
#include "passes/ordering/weighted_calls.h"
#include "passes/section_text.h"
#include "relink/pass/remark.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

// From here on a huge page is less than the entries of a first-level TLB for
// base pages (64 of 4 KiB).
constexpr uint64_t kHugeFrom = uint64_t{256} << 10;

// What C3 does not let a cluster grow past: a huge page.
constexpr uint64_t kMaxCluster = uint64_t{2} << 20;

class Packer {
 public:
  Packer(LinkGraph& graph, AnalysisManager<LinkGraph>& analyses,
         const PackHot& options)
      : graph_(graph), analyses_(analyses), options_(options), tables_(graph) {}

  absl::Status Pack() {
    ASSIGN_OR_RETURN(const Hotness::Result* hotness,
                     analyses_.Get<Hotness>(graph_));
    total_ = hotness->total;
    double packed = 0;
    std::vector<SectionId> functions;
    for (const SectionId id : hotness->Covering(options_.coverage)) {
      const std::string why_not = WhyNot(id);
      if (!why_not.empty()) {
        Tell(id, RemarkKind::kRefused, why_not);
        continue;
      }
      functions.push_back(id);
      packed += graph_.sections[id].weight;
    }
    if (functions.empty()) {
      Note("no function that may move has a weight");
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(Sort(functions));
    Put(functions);
    Note(absl::StrFormat(
        "%d functions of %d bytes, with %.1f%% of the weight%s",
        functions.size(), bytes_, 100 * packed / total_,
        graph_.arenas[arena_id_].huge_pages ? ", on huge pages" : ""));
    return absl::OkStatus();
  }

 private:
  // Empty if the function can go.
  std::string WhyNot(SectionId id) const {
    const Section& section = graph_.sections[id];
    if (!section.pinned.empty()) return std::string(section.pinned);
    if (section.jumps_back && HasOriginal(section)) {
      return "jumps to where a register says, so a copy would go on in it";
    }
    if (section.arena_id.has_value()) {
      return absl::StrCat("is in arena ", graph_.arenas[section.arena_id].name,
                          " already");
    }
    if (graph_.modules[section.module_id].materialization ==
        Materialization::kWhole) {
      return "its module stays whole";
    }
    for (const SectionId table : tables_.Of(id)) {
      if (!graph_.sections[table].pinned.empty()) {
        return absl::StrCat("its jump table is pinned: ",
                            graph_.sections[table].pinned);
      }
    }
    return "";
  }

  absl::Status Sort(std::vector<SectionId>& functions) {
    if (options_.by == PackHot::By::kHeat) return absl::OkStatus();
    std::vector<size_t> position(graph_.sections.size());
    for (size_t i = 0; i < graph_.order.size(); ++i) {
      position[graph_.order[i].index()] = i;
    }
    std::ranges::sort(functions, {},
                      [&](SectionId id) { return position[id.index()]; });
    if (options_.by == PackHot::By::kGraph) return absl::OkStatus();
    ASSIGN_OR_RETURN(const CallGraph::Result* call_graph,
                     analyses_.Get<CallGraph>(graph_));
    const WeightedCalls calls = WeighCalls(graph_, *call_graph, functions);
    std::vector<SectionId> ordered;
    ordered.reserve(functions.size());
    std::ranges::transform(options_.by == PackHot::By::kC3
                               ? ClusterCallChains(calls, kMaxCluster)
                               : SortCacheDirected(calls),
                           std::back_inserter(ordered),
                           [&](uint32_t number) { return functions[number]; });
    functions = std::move(ordered);
    return absl::OkStatus();
  }

  void Put(const std::vector<SectionId>& functions) {
    arena_id_ =
        graph_.arenas.Add({.name = "hot", .memory_class = MemoryClass::kCode});
    ArenaId tables_id;
    for (const SectionId id : functions) {
      graph_.sections[id].arena_id = arena_id_;
    }
    LetOriginalsLead();
    for (const SectionId id : functions) {
      TellPlace(id);
      bytes_ += graph_.sections[id].size;
      for (const SectionId table : tables_.Of(id)) {
        if (!tables_id.has_value()) {
          tables_id = graph_.arenas.Add(
              {.name = "hot-tables", .memory_class = MemoryClass::kReadOnly});
        }
        graph_.sections[table].arena_id = tables_id;
      }
    }
    graph_.arenas[arena_id_].huge_pages =
        options_.page == PackHot::Page::kHuge ||
        (options_.page == PackHot::Page::kAuto && bytes_ >= kHugeFrom);
    std::vector<bool> is_hot(graph_.sections.size());
    for (const SectionId id : functions) is_hot[id.index()] = true;
    std::vector<SectionId> order = functions;
    for (const SectionId id : OrderableFunctions(graph_)) {
      if (!is_hot[id.index()]) order.push_back(id);
    }
    ApplyFunctionOrder(order, graph_);
    analyses_.counters().Add(PackHot::kName, "functions packed",
                             functions.size());
    analyses_.counters().Add(PackHot::kName, "bytes packed", bytes_);
  }

  // What goes to an arena of a module that is all in arenas is no copy.
  bool HasOriginal(const Section& section) const {
    return graph_.modules[section.module_id].materialization ==
           Materialization::kOverlay;
  }

  // Of functions that something may enter that calls no copies.
  void LetOriginalsLead() {
    for (Section& section : graph_.sections) {
      if (section.arena_id != arena_id_) continue;
      section.leads =
          CanLead(graph_, section) && (section.reached || section.address_kept);
    }
    for (const SectionId id : graph_.order) {
      const Section& caller = graph_.sections[id];
      if (caller.memory_class == MemoryClass::kCode &&
          !caller.arena_id.has_value()) {
        LeadCallees(graph_, id, arena_id_);
      }
    }
  }

  void TellPlace(SectionId id) const {
    if (!analyses_.remarks().wanted()) return;
    const Section& section = graph_.sections[id];
    Tell(id, RemarkKind::kMoved,
         absl::StrFormat("hot, behind %d bytes: has %.2f%% of the weight%s%s",
                         bytes_, 100 * section.weight / total_,
                         section.leads ? ", its original leads to it" : "",
                         section.address_kept ? " and keeps its address" : ""));
  }

  void Note(absl::string_view message) const {
    if (!analyses_.remarks().wanted()) return;
    analyses_.remarks().Add({.pass = PackHot::kName,
                             .kind = RemarkKind::kNote,
                             .message = message});
  }

  void Tell(SectionId id, RemarkKind kind, absl::string_view message) const {
    if (!analyses_.remarks().wanted()) return;
    const Section& section = graph_.sections[id];
    analyses_.remarks().Add({.pass = PackHot::kName,
                             .kind = kind,
                             .module = graph_.modules[section.module_id].name(),
                             .subject = SectionText(graph_, id),
                             .address = AddressText(section),
                             .message = message});
  }

  LinkGraph& graph_;
  AnalysisManager<LinkGraph>& analyses_;
  const PackHot& options_;
  const JumpTablesByOwner tables_;
  ArenaId arena_id_;
  double total_ = 0;    // The weight of all functions.
  uint64_t bytes_ = 0;  // Of functions packed.
};

}  // namespace

absl::StatusOr<PackHot> PackHot::Create(const PassOptions& options) {
  PackHot pack;
  pack.coverage = options.Real("coverage");
  if (!(pack.coverage >= 0 && pack.coverage <= 1)) {
    return options.Refuse("coverage", "expected a number from 0 to 1");
  }
  const std::string by = options.Choice("by");
  pack.by = by == "c3"      ? By::kC3
            : by == "heat"  ? By::kHeat
            : by == "graph" ? By::kGraph
                            : By::kCacheDirected;
  const std::string page = options.Choice("page");
  pack.page = page == "4K"   ? Page::kBase
              : page == "2M" ? Page::kHuge
                             : Page::kAuto;
  return pack;
}

absl::StatusOr<PreservedAnalyses> PackHot::Run(
    LinkGraph& graph, AnalysisManager<LinkGraph>& analyses) const {
  RETURN_IF_ERROR(ChooseIfNothingDid(graph, analyses));
  RETURN_IF_ERROR(Packer(graph, analyses, *this).Pack());
  return PreservedAnalyses::None().Preserve<CallGraph>();
}

}  // namespace relink
