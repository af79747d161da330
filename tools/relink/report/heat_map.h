// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_REPORT_HEAT_MAP_H_
#define RELINK_TOOLS_RELINK_REPORT_HEAT_MAP_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "relink/ir/link_graph.h"
#include "relink/layout/layout.h"

namespace relink::tools {

// What runs on a page, or on several pages in a row.
struct HeatCell {
  struct Share {
    SectionId section_id;
    double weight = 0;  // As much of the section's as runs here.
  };

  double weight = 0;
  uint32_t sections = 0;  // That run here.
  std::array<Share, 3> hottest;

  void Add(SectionId section_id, double weight_here);
  void Add(const HeatCell& other);

 private:
  void Rank(Share share);
};

// The code of a module, where its file has it, or of an arena.
struct HeatRegion {
  std::string name = {};
  ModuleId module_id = {};  // None of an arena.
  uint64_t begin = 0;  // Of the first cell: in the file's addresses, or from
                       // the beginning of the arena.
  uint64_t size = 0;   // In bytes; whole pages.
  std::vector<HeatCell> cells = {};

  double Weight() const;
};

// How much each page of code runs, in the order of addresses.
struct HeatMap {
  uint64_t bytes_of_a_cell = 4096;
  std::vector<HeatRegion> regions = {};

  size_t CellCount() const;
};

// Where the files have everything: a region for each module that has code.
HeatMap HeatOfFiles(const LinkGraph& graph);

// Where the layout has it: the same modules, then arenas of code.
HeatMap HeatOfLayout(const LinkGraph& graph, const Layout& layout);

// How large cells must be, at least a page and doubled as often as it takes,
// for there to be no more than `most`; each region keeps one.
uint64_t CellSizeFor(size_t most, const HeatMap& map);

// The same with cells of so many bytes, its own or doubled some times.
HeatMap Merged(HeatMap map, uint64_t bytes_of_a_cell);

// Cells' weights, the hottest first, without those that do not run.
std::vector<double> WeightsOfCells(const HeatMap& map);

// How few of these have `part` (0 to 1) of their sum.
size_t CellsWith(double part, const std::vector<double>& weights);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_REPORT_HEAT_MAP_H_
