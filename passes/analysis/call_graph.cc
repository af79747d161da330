// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/analysis/call_graph.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "passes/analysis/branch_targets.h"
#include "passes/section_text.h"

namespace relink {
namespace {

using Edge = CallGraph::Edge;

auto Pair(const Edge& edge) {
  return std::tuple(edge.caller_id, edge.callee_id);
}

// The edges of one section, ascending by callee, without weights.
void AddBranches(SectionId caller_id, const Section& caller,
                 const BranchTargets& targets, std::vector<Edge>& edges) {
  const auto begin = static_cast<std::ptrdiff_t>(edges.size());
  for (const Fixup& fixup : caller.fixups) {
    if (!IsBranch(fixup)) continue;
    const std::optional<InSection> callee = targets.Of(fixup);
    if (!callee.has_value()) continue;
    // A jump inside of a function is none to it.
    if (callee->section_id == caller_id && callee->offset != 0) continue;
    edges.push_back({caller_id, callee->section_id, 1, 1});
  }
  std::sort(edges.begin() + begin, edges.end(),
            [](const Edge& a, const Edge& b) { return Pair(a) < Pair(b); });
}

// Adds up those of the same pair. Precondition: sorted by it.
void Merge(std::vector<Edge>& edges) {
  size_t kept = 0;
  for (size_t i = 0; i < edges.size(); ++i) {
    if (kept > 0 && Pair(edges[kept - 1]) == Pair(edges[i])) {
      edges[kept - 1].sites += edges[i].sites;
      edges[kept - 1].weight += edges[i].weight;
    } else {
      edges[kept++] = edges[i];
    }
  }
  edges.resize(kept);
}

// What is known only from a profile is an edge, too.
void TakeWeights(const std::vector<CallEdge>& calls, std::vector<Edge>& edges) {
  for (Edge& edge : edges) edge.weight = 0;
  const size_t middle = edges.size();
  for (const CallEdge& call : calls) {
    edges.push_back({call.caller_id, call.callee_id, 0, call.weight});
  }
  const auto less = [](const Edge& a, const Edge& b) {
    return Pair(a) < Pair(b);
  };
  const auto calls_begin = edges.begin() + static_cast<std::ptrdiff_t>(middle);
  std::sort(calls_begin, edges.end(), less);
  std::inplace_merge(edges.begin(), calls_begin, edges.end(), less);
  Merge(edges);
}

// Without a profile of calls: a branch is taken as often as its function runs.
void EstimateWeights(const LinkGraph& graph, std::vector<Edge>& edges) {
  const bool any = std::ranges::any_of(graph.sections, [](const Section& s) {
    return s.live() && s.weight > 0 && s.memory_class == MemoryClass::kCode;
  });
  if (!any) return;
  for (Edge& edge : edges) {
    edge.weight = edge.sites * graph.sections[edge.caller_id].weight;
  }
}

}  // namespace

absl::StatusOr<CallGraph::Result> CallGraph::Run(
    const LinkGraph& graph, AnalysisManager<LinkGraph>& /*analyses*/) const {
  Result result;
  result.graph = &graph;
  const BranchTargets targets(graph);
  for (uint32_t i = 0; i < graph.sections.size(); ++i) {
    const Section& section = graph.sections[SectionId(i)];
    if (!section.live() || section.memory_class != MemoryClass::kCode) continue;
    AddBranches(SectionId(i), section, targets, result.edges);
  }
  Merge(result.edges);
  result.profiled = !graph.calls.empty();
  if (result.profiled) {
    TakeWeights(graph.calls, result.edges);
  } else {
    EstimateWeights(graph, result.edges);
  }

  result.first.assign(graph.sections.size() + 1, 0);
  for (const Edge& edge : result.edges) {
    ++result.first[edge.caller_id.index() + 1];
  }
  for (size_t i = 1; i < result.first.size(); ++i) {
    result.first[i] += result.first[i - 1];
  }
  return result;
}

std::string CallGraph::Print(const Result& result) {
  std::string text;
  for (const Edge& edge : result.edges) {
    absl::StrAppend(&text, SectionText(*result.graph, edge.caller_id), " -> ",
                    SectionText(*result.graph, edge.callee_id), ": ",
                    edge.sites, edge.sites == 1 ? " site" : " sites",
                    ", weight ", edge.weight, "\n");
  }
  return text;
}

}  // namespace relink
