// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/analysis/layout_metrics.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "absl/strings/str_format.h"
#include "relink/support/address.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

constexpr uint64_t kLine = 64;
constexpr uint64_t kPage = 4096;
constexpr uint64_t kHugePage = uint64_t{2} << 20;

// Where each module begins if it stays as it is, one behind the other, and,
// last, where arenas do.
std::vector<uint64_t> ModuleBases(const LinkGraph& graph) {
  std::vector<uint64_t> bases(graph.modules.size() + 1);
  for (const Section& section : graph.sections) {
    uint64_t& size = bases[section.module_id.index() + 1];
    size = std::max(size, section.home.end().value());
  }
  for (size_t i = 1; i < bases.size(); ++i) {
    bases[i] = bases[i - 1] + AlignUp(bases[i], kPage);
  }
  return bases;
}

std::vector<uint64_t> HomeAddresses(const LinkGraph& graph) {
  const std::vector<uint64_t> bases = ModuleBases(graph);
  std::vector<uint64_t> addresses;
  addresses.reserve(graph.sections.size());
  for (const Section& section : graph.sections) {
    addresses.push_back(bases[section.module_id.index()] +
                        section.home.begin.value());
  }
  return addresses;
}

// A place for each live section.
std::vector<uint64_t> Addresses(const LinkGraph& graph) {
  std::vector<uint64_t> addresses = HomeAddresses(graph);
  std::vector<uint64_t> sizes(graph.arenas.size());
  const auto arena_of = [&](SectionId id) {
    return graph.sections[id].arena_id;
  };
  for (const SectionId id : graph.order) {
    if (!arena_of(id).has_value()) continue;
    uint64_t& size = sizes[arena_of(id).index()];
    addresses[id.index()] = AlignUp(size, graph.sections[id].alignment);
    size = addresses[id.index()] + graph.sections[id].size;
  }
  std::vector<uint64_t> bases;
  uint64_t next = ModuleBases(graph).back();
  for (uint32_t i = 0; i < sizes.size(); ++i) {
    const uint64_t page =
        graph.arenas[ArenaId(i)].huge_pages ? kHugePage : kPage;
    bases.push_back(AlignUp(next, page));
    next = bases[i] + AlignUp(sizes[i], page);
  }
  for (const SectionId id : graph.order) {
    if (!arena_of(id).has_value()) continue;
    addresses[id.index()] += bases[arena_of(id).index()];
  }
  return addresses;
}

bool IsCode(const Section& section) {
  return section.live() && section.size != 0 &&
         section.memory_class == MemoryClass::kCode;
}

bool IsFunction(const LinkGraph& graph, SectionId id) {
  return graph.sections[id].kind == SectionKind::kFunction;
}

// How many blocks of `size` bytes the ranges touch; they ascend.
uint64_t CountBlocks(const std::vector<RuntimeRange>& ranges, uint64_t size) {
  uint64_t count = 0;
  uint64_t next = 0;  // The first block that is not counted yet.
  for (const RuntimeRange& range : ranges) {
    const uint64_t first = std::max(next, range.begin.value() / size);
    const uint64_t end = (range.end().value() - 1) / size + 1;
    if (end > first) count += end - first;
    next = std::max(next, end);
  }
  return count;
}

LayoutMetrics::Result Measure(const LinkGraph& graph,
                              const CallGraph::Result& calls,
                              const std::vector<uint64_t>& addresses) {
  LayoutMetrics::Result result;
  result.weighted = std::ranges::any_of(graph.sections, [](const Section& s) {
    return IsCode(s) && s.weight > 0;
  });
  std::vector<RuntimeRange> running;
  for (const SectionId id : graph.order) {
    const Section& section = graph.sections[id];
    const bool runs = result.weighted ? section.weight > 0
                                      : section.kind != SectionKind::kRemainder;
    if (!IsCode(section) || !runs) continue;
    running.push_back({RuntimeAddr(addresses[id.index()]), section.size});
    result.bytes += section.size;
  }
  std::ranges::sort(running, {}, &RuntimeRange::begin);
  result.sections = running.size();
  result.lines = CountBlocks(running, kLine);
  result.pages = CountBlocks(running, kPage);
  result.huge_pages = CountBlocks(running, kHugePage);

  double distance = 0;
  double on_page = 0;
  for (const CallGraph::Edge& edge : calls.edges) {
    if (edge.caller_id == edge.callee_id || !(edge.weight > 0)) continue;
    // One to a PLT's stub leaves the graph: where to is not known.
    if (!IsFunction(graph, edge.caller_id) ||
        !IsFunction(graph, edge.callee_id)) {
      continue;
    }
    // From the middle of the caller to the beginning of the callee.
    const uint64_t from = addresses[edge.caller_id.index()] +
                          graph.sections[edge.caller_id].size / 2;
    const uint64_t to = addresses[edge.callee_id.index()];
    result.calls += edge.weight;
    distance +=
        edge.weight * static_cast<double>(from > to ? from - to : to - from);
    if (from / kPage == to / kPage) on_page += edge.weight;
  }
  if (result.calls > 0) {
    result.call_distance = distance / result.calls;
    result.calls_on_page = on_page / result.calls;
  }
  return result;
}

}  // namespace

absl::StatusOr<LayoutMetrics::Result> LayoutMetrics::Run(
    const LinkGraph& graph, AnalysisManager<LinkGraph>& analyses) const {
  ASSIGN_OR_RETURN(const CallGraph::Result* calls,
                   analyses.Get<CallGraph>(graph));
  return Measure(graph, *calls, Addresses(graph));
}

LayoutMetrics::Result MeasureFiles(const LinkGraph& graph,
                                   const CallGraph::Result& calls) {
  return Measure(graph, calls, HomeAddresses(graph));
}

std::string LayoutMetrics::Print(const Result& result) {
  return absl::StrFormat(
      "%s\n"
      "sections %d\n"
      "bytes %d\n"
      "pages %d\n"
      "huge pages %d\n"
      "cache lines %d\n"
      "calls %g\n"
      "bytes of a call %.1f\n"
      "calls on one page %.1f%%\n",
      result.weighted ? "code that runs" : "all code", result.sections,
      result.bytes, result.pages, result.huge_pages, result.lines, result.calls,
      result.call_distance, 100 * result.calls_on_page);
}

}  // namespace relink
