// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/order.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <iterator>
#include <tuple>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "passes/analysis/call_graph.h"
#include "passes/graph/named_sections.h"
#include "passes/ordering/cache_directed_sort.h"
#include "passes/ordering/call_chain_clustering.h"
#include "passes/ordering/function_order.h"
#include "passes/ordering/shuffle.h"
#include "passes/ordering/symbol_order_file.h"
#include "passes/ordering/weighted_calls.h"
#include "relink/pass/remark.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

using By = Order::By;

By Named(absl::string_view name) {
  static constexpr std::pair<absl::string_view, By> kNames[] = {
      {"names", By::kNames},     {"size", By::kSize},     {"file", By::kFile},
      {"reverse", By::kReverse}, {"random", By::kRandom}, {"c3", By::kC3},
      {"home", By::kHome},
  };
  for (const auto& [each, by] : kNames) {
    if (each == name) return by;
  }
  return By::kCacheDirected;
}

void ByNames(const LinkGraph& graph, const std::vector<std::string>& names,
             RemarkSink& remarks, std::vector<SectionId>& functions) {
  const auto named = SectionsNamed(graph, names);
  std::vector<size_t> rank(graph.sections.size(), names.size());
  for (size_t i = 0; i < names.size(); ++i) {
    bool any = false;
    for (const SectionId id : named[i]) {
      rank[id.index()] = std::min(rank[id.index()], i);
      any |= IsOrderable(graph.sections[id]);
    }
    if (!any && remarks.wanted()) {
      remarks.Add({.pass = Order::kName,
                   .kind = RemarkKind::kRefused,
                   .subject = names[i],
                   .message = "no function of that name can be moved"});
    }
  }
  std::ranges::stable_sort(functions, {},
                           [&](SectionId id) { return rank[id.index()]; });
}

void BySize(const LinkGraph& graph, bool descending,
            std::vector<SectionId>& functions) {
  const auto size = [&](SectionId id) { return graph.sections[id].size; };
  if (descending) {
    std::ranges::stable_sort(functions, std::greater<>(), size);
  } else {
    std::ranges::stable_sort(functions, {}, size);
  }
}

void ByHome(const LinkGraph& graph, std::vector<SectionId>& functions) {
  std::ranges::stable_sort(functions, {}, [&](SectionId id) {
    const Section& section = graph.sections[id];
    return std::tuple(section.module_id, section.home.begin);
  });
}

}  // namespace

absl::StatusOr<Order> Order::Create(const PassOptions& options) {
  Order order;
  const bool alias = options.Given("algorithm");
  if (alias && options.Given("by")) {
    return options.Refuse("algorithm", "the same as by, which is given, too");
  }
  order.by = Named(options.Choice(alias ? "algorithm" : "by"));
  order.seed = static_cast<uint64_t>(options.Integer("seed"));
  order.descending = options.Flag("descending");
  order.max_cluster_size = options.Size("cluster");
  order.names = options.List("names");
  if (order.by == By::kNames && order.names.empty()) {
    return options.Refuse("names", "by=names needs names");
  }
  if (order.by == By::kFile) {
    absl::StatusOr<std::vector<std::string>> names =
        ReadSymbolOrderFile(options.Text("file"));
    if (!names.ok()) return options.Refuse("file", names.status().message());
    order.names = *std::move(names);
  }
  return order;
}

absl::StatusOr<PreservedAnalyses> Order::Run(
    LinkGraph& graph, AnalysisManager<LinkGraph>& analyses) const {
  std::vector<SectionId> functions = OrderableFunctions(graph);
  switch (by) {
    case By::kNames:
    case By::kFile:
      ByNames(graph, names, analyses.remarks(), functions);
      break;
    case By::kSize:
      BySize(graph, descending, functions);
      break;
    case By::kReverse:
      std::ranges::reverse(functions);
      break;
    case By::kRandom:
      Shuffle(seed, functions);
      break;
    case By::kHome:
      ByHome(graph, functions);
      break;
    case By::kC3:
    case By::kCacheDirected: {
      ASSIGN_OR_RETURN(const CallGraph::Result* call_graph,
                       analyses.Get<CallGraph>(graph));
      const WeightedCalls calls = WeighCalls(graph, *call_graph, functions);
      std::vector<SectionId> ordered;
      ordered.reserve(functions.size());
      std::ranges::transform(
          by == By::kC3 ? ClusterCallChains(calls, max_cluster_size)
                        : SortCacheDirected(calls),
          std::back_inserter(ordered),
          [&](uint32_t number) { return functions[number]; });
      functions = std::move(ordered);
      break;
    }
  }
  ApplyFunctionOrder(functions, graph);
  analyses.counters().Add(kName, "functions in order", functions.size());
  return PreservedAnalyses::None().Preserve<CallGraph>();
}

}  // namespace relink
