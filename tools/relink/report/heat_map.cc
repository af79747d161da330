// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/report/heat_map.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <optional>
#include <utility>

#include "relink/support/address.h"

namespace relink::tools {
namespace {

constexpr uint64_t kPage = 4096;
// A gigabyte. A header may claim any size; what is behind that counts for the
// last page.
constexpr uint64_t kMostPages = uint64_t{1} << 18;

bool IsCode(const Section& section) {
  return section.memory_class == MemoryClass::kCode && section.size != 0;
}

bool Runs(const Section& section) {
  return IsCode(section) && !section.split && section.weight > 0;
}

// The pages from a module's first code to its last, as its file has it.
class Extent {
 public:
  void Add(LinkRange range) {
    if (range.size == 0) return;
    begin_ = std::min(begin_, AlignDown(range.begin.value(), kPage));
    end_ = std::max(end_, AlignUp(range.end().value(), kPage));
  }
  uint64_t begin() const { return begin_; }
  size_t pages() const {
    return end_ > begin_ ? std::min(kMostPages, (end_ - begin_) / kPage) : 0;
  }

 private:
  uint64_t begin_ = UINT64_MAX;
  uint64_t end_ = 0;
};

std::vector<Extent> CodeOfModules(const LinkGraph& graph) {
  std::vector<Extent> extents(graph.modules.size());
  for (uint32_t i = 0; i < graph.modules.size(); ++i) {
    const Module& module = graph.modules[ModuleId(i)];
    if (module.depth != OpenDepth::kClosed) continue;
    for (const Segment& segment : module.segments) {
      if (segment.executable) extents[i].Add(segment.memory);
    }
  }
  for (const Section& section : graph.sections) {
    if (IsCode(section)) extents[section.module_id.index()].Add(section.home);
  }
  return extents;
}

// Modules' regions without any heat.
class ModuleRegions {
 public:
  explicit ModuleRegions(const LinkGraph& graph)
      : region_of_(graph.modules.size()) {
    const std::vector<Extent> extents = CodeOfModules(graph);
    for (uint32_t i = 0; i < extents.size(); ++i) {
      if (extents[i].pages() == 0) continue;
      region_of_[i] = map_.regions.size();
      map_.regions.push_back(
          {.name = graph.modules[ModuleId(i)].name(),
           .module_id = ModuleId(i),
           .begin = extents[i].begin(),
           .size = extents[i].pages() * kPage,
           .cells = std::vector<HeatCell>(extents[i].pages())});
    }
  }

  HeatRegion& Of(ModuleId id) { return map_.regions[*region_of_[id.index()]]; }
  HeatMap& map() { return map_; }

 private:
  HeatMap map_;
  std::vector<std::optional<size_t>> region_of_;
};

// To each page that it touches, its part of the weight.
void Spread(const Section& section, SectionId id, uint64_t begin,
            HeatRegion& region) {
  const uint64_t end = begin + section.size;
  for (uint64_t at = begin; at < end;) {
    const uint64_t next = std::min(end, AlignDown(at, kPage) + kPage);
    // One that grew may end behind the last page that its file has.
    const size_t cell =
        std::min((at - region.begin) / kPage, region.cells.size() - 1);
    region.cells[cell].Add(id, section.weight * static_cast<double>(next - at) /
                                   static_cast<double>(section.size));
    at = next;
  }
}

}  // namespace

void HeatCell::Add(SectionId section_id, double weight_here) {
  weight += weight_here;
  ++sections;
  Rank({section_id, weight_here});
}

void HeatCell::Add(const HeatCell& other) {
  weight += other.weight;
  sections += other.sections;
  for (const Share& share : other.hottest) {
    if (!share.section_id.has_value()) continue;
    const auto same =
        std::ranges::find(hottest, share.section_id, &Share::section_id);
    if (same == hottest.end()) {
      Rank(share);
      continue;
    }
    // It goes on from the cell before this one.
    same->weight += share.weight;
    --sections;
    std::ranges::sort(hottest, std::greater<>(), &Share::weight);
  }
}

void HeatCell::Rank(Share share) {
  for (Share& place : hottest) {
    if (share.weight > place.weight) std::swap(share, place);
  }
}

double HeatRegion::Weight() const {
  return std::transform_reduce(cells.begin(), cells.end(), 0.0, std::plus<>(),
                               [](const HeatCell& c) { return c.weight; });
}

size_t HeatMap::CellCount() const {
  size_t count = 0;
  for (const HeatRegion& region : regions) count += region.cells.size();
  return count;
}

HeatMap HeatOfFiles(const LinkGraph& graph) {
  ModuleRegions modules(graph);
  for (uint32_t i = 0; i < graph.sections.size(); ++i) {
    const Section& section = graph.sections[SectionId(i)];
    if (!Runs(section) || section.home == LinkRange()) continue;
    Spread(section, SectionId(i), section.home.begin.value(),
           modules.Of(section.module_id));
  }
  return std::move(modules.map());
}

HeatMap HeatOfLayout(const LinkGraph& graph, const Layout& layout) {
  ModuleRegions modules(graph);
  std::vector<HeatRegion> arenas(graph.arenas.size());
  for (uint32_t i = 0; i < arenas.size(); ++i) {
    arenas[i].name = graph.arenas[ArenaId(i)].name;
    const uint64_t pages = layout.arenas[ArenaId(i)].size / kPage;
    arenas[i].cells.resize(std::min(kMostPages, pages));
    arenas[i].size = arenas[i].cells.size() * kPage;
  }
  for (uint32_t i = 0; i < graph.sections.size(); ++i) {
    const SectionId id(i);
    const Section& section = graph.sections[id];
    if (!Runs(section) || section.dead) continue;
    if (layout.IsPlaced(id)) {
      const SectionPlacement& placement = layout.sections[id];
      Spread(section, id, placement.offset, arenas[placement.arena_id.index()]);
    } else if (section.home != LinkRange()) {
      Spread(section, id, section.home.begin.value(),
             modules.Of(section.module_id));
    }
  }
  HeatMap map = std::move(modules.map());
  // Of a module in arenas, nothing is left where its file had it.
  std::erase_if(map.regions, [&](const HeatRegion& region) {
    return layout.modules[region.module_id].span.size == 0;
  });
  for (uint32_t i = 0; i < arenas.size(); ++i) {
    if (graph.arenas[ArenaId(i)].memory_class != MemoryClass::kCode) continue;
    if (!arenas[i].cells.empty()) map.regions.push_back(std::move(arenas[i]));
  }
  return map;
}

uint64_t CellSizeFor(size_t most, const HeatMap& map) {
  uint64_t bytes = map.bytes_of_a_cell;
  size_t before = SIZE_MAX;
  while (true) {
    size_t count = 0;
    for (const HeatRegion& region : map.regions) {
      count += (region.size + bytes - 1) / bytes;
    }
    if (count <= most || count == before) return bytes;
    before = count;
    bytes *= 2;
  }
}

HeatMap Merged(HeatMap map, uint64_t bytes_of_a_cell) {
  const uint64_t pieces = bytes_of_a_cell / map.bytes_of_a_cell;
  map.bytes_of_a_cell = bytes_of_a_cell;
  for (HeatRegion& region : map.regions) {
    std::vector<HeatCell> merged((region.cells.size() + pieces - 1) / pieces);
    for (size_t i = 0; i < region.cells.size(); ++i) {
      merged[i / pieces].Add(region.cells[i]);
    }
    region.cells = std::move(merged);
  }
  return map;
}

std::vector<double> WeightsOfCells(const HeatMap& map) {
  std::vector<double> weights;
  for (const HeatRegion& region : map.regions) {
    for (const HeatCell& cell : region.cells) {
      if (cell.weight > 0) weights.push_back(cell.weight);
    }
  }
  std::ranges::sort(weights, std::greater<>());
  return weights;
}

size_t CellsWith(double part, const std::vector<double>& weights) {
  const double wanted =
      part * std::accumulate(weights.begin(), weights.end(), 0.0);
  double sum = 0;
  size_t count = 0;
  while (count < weights.size() && sum < wanted) sum += weights[count++];
  return count;
}

}  // namespace relink::tools
