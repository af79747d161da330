// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/moved_code.h"

#include <algorithm>
#include <utility>

#include "relink/ir/function.h"
#include "relink/ir/section.h"
#include "relink/layout/layout.h"
#include "relink/stage/placed_graph.h"
#include "relink/support/address.h"

namespace relink {
namespace {

// In the order of their new addresses: where the file has them.
std::vector<LinkAddr> HomesInMemoryOrder(const LinkedImage& image,
                                         const std::vector<SectionId>& moved) {
  std::vector<std::pair<RuntimeAddr, LinkAddr>> places;
  places.reserve(moved.size());
  for (const SectionId id : moved) {
    places.emplace_back(image.At(id), image.graph().sections[id].home.begin);
  }
  std::ranges::sort(places);
  std::vector<LinkAddr> homes;
  homes.reserve(places.size());
  for (const auto& [place, home] : places) homes.push_back(home);
  return homes;
}

// How many of `homes` do not follow the one that is next below among them.
uint64_t CountNewNeighbours(const std::vector<LinkAddr>& homes) {
  std::vector<LinkAddr> sorted = homes;
  std::ranges::sort(sorted);
  uint64_t count = 0;
  for (size_t i = 1; i < homes.size(); ++i) {
    const auto above = std::ranges::upper_bound(sorted, homes[i - 1]);
    if (above == sorted.end() || *above != homes[i]) ++count;
  }
  return count;
}

}  // namespace

std::vector<MovedCode> CountMovedCode(const Library& library) {
  const LinkedImage& image = library.image().image();
  const LinkGraph& graph = image.graph();
  Table<ModuleId, std::vector<SectionId>> moved;
  std::vector<MovedCode> counts;
  for (const Module& module : graph.modules) {
    moved.Add({});
    MovedCode& count = counts.emplace_back();
    count.module = module.name();
    count.capability = module.capability;
    count.materialization = module.materialization;
    count.functions = module.functions.size();
    for (const Function& function : module.functions) {
      count.bytes += function.range.size;
    }
  }
  for (uint32_t i = 0; i < graph.sections.size(); ++i) {
    const SectionId id(i);
    const Section& section = graph.sections[id];
    if (section.kind != SectionKind::kFunction || !section.live() ||
        !image.layout().IsPlaced(id)) {
      continue;
    }
    moved[section.module_id].push_back(id);
    MovedCode& count = counts[section.module_id.index()];
    ++count.moved_functions;
    count.moved_bytes += section.size;
  }
  for (uint32_t i = 0; i < counts.size(); ++i) {
    counts[i].new_neighbours =
        CountNewNeighbours(HomesInMemoryOrder(image, moved[ModuleId(i)]));
  }
  std::swap(counts[0], counts[graph.root_id.index()]);
  return counts;
}

}  // namespace relink
