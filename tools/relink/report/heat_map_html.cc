// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tools/relink/report/html_text.h"
#include "tools/relink/report/page_parts.h"
#include "tools/relink/report/page_style.h"

namespace relink::tools {
namespace {

// What a picture can have and still be looked at.
constexpr size_t kMostCells = 24576;
// Cells that say which functions run there; others say only how much.
constexpr size_t kMostNamed = 1200;
constexpr size_t kMostOfName = 72;
// Colours end so many times below the hottest cell.
constexpr double kDarkest = 1e5;

// Widths that make a picture about as high as it is wide.
uint64_t Columns(size_t cells) {
  uint64_t columns = 16;
  while (columns < 128 && columns * columns < cells * 2) columns *= 2;
  return columns;
}

// With one figure, however small: "0.00008%".
std::string OneFigure(double part) {
  const double percent = 100 * part;
  const int decimals =
      percent > 0 ? static_cast<int>(std::ceil(-std::log10(percent))) : 0;
  return absl::StrFormat("%.*f%%", std::clamp(decimals, 0, 12), percent);
}

// Steps of colour for weights, on a logarithmic scale.
class Scale {
 public:
  Scale(const HeatMap& before, const HeatMap& after) {
    double least = INFINITY;
    for (const HeatMap* map : {&before, &after}) {
      for (const double weight : WeightsOfCells(*map)) {
        most_ = std::max(most_, weight);
        least = std::min(least, weight);
      }
    }
    least_ = std::max(least, most_ / kDarkest);
  }

  int Step(double weight) const {
    if (weight <= least_ || most_ <= least_) {
      return most_ <= least_ ? kHeatSteps - 1 : 0;
    }
    const double part = std::log(weight / least_) / std::log(most_ / least_);
    return std::min(kHeatSteps - 1, static_cast<int>(part * kHeatSteps));
  }
  double most() const { return most_; }
  double least() const { return least_; }

 private:
  double most_ = 0;
  double least_ = 0;
};

class Drawing {
 public:
  Drawing(const Report& report, std::ostream& out)
      : report_(report),
        out_(out),
        bytes_of_a_cell_(
            std::max(CellSizeFor(kMostCells, report.facts.heat_before),
                     CellSizeFor(kMostCells, report.facts.heat_after))),
        before_(Merged(report.facts.heat_before, bytes_of_a_cell_)),
        after_(Merged(report.facts.heat_after, bytes_of_a_cell_)),
        scale_(before_.map, after_.map),
        columns_(Columns(
            std::max(before_.map.CellCount(), after_.map.CellCount()))) {}

  void Draw() {
    out_ << "<section id=\"map\"><h2>Heat map of the code</h2>"
            "<p class=\"lead\">A cell for each "
         << Bytes(static_cast<double>(bytes_of_a_cell_))
         << " of code, in the order of addresses: what it has of the weight, "
            "on a logarithmic scale. What runs together should lie "
            "together.</p>\n";
    DrawKey();
    // Referred to by all pictures.
    out_ << "<svg width=\"0\" height=\"0\" style=\"position:absolute\" "
            "aria-hidden=\"true\"><defs><pattern id=\"cold\" width=\"1\" "
            "height=\"1\" patternUnits=\"userSpaceOnUse\"><rect class=\"c\" "
            "width=\".86\" height=\".86\"/></pattern></defs></svg>\n"
            "<div class=\"maps\"><h3>Before: as the files have it</h3>"
            "<h3 class=\"second\">After: as the passes have it</h3>\n";
    // After, the same modules come first; of some nothing may be left.
    const std::vector<HeatRegion>& regions = after_.map.regions;
    size_t next = 0;
    for (const HeatRegion& region : before_.map.regions) {
      DrawRegion(region, before_);
      if (next < regions.size() &&
          regions[next].module_id == region.module_id) {
        DrawRegion(regions[next++], after_);
      } else {
        out_ << "<div class=\"region\"><p>all of it is in arenas</p></div>\n";
      }
    }
    for (; next < regions.size(); ++next) {
      out_ << "<div></div>";
      DrawRegion(regions[next], after_);
    }
    out_ << "</div></section>\n";
  }

 private:
  struct Side {
    explicit Side(HeatMap heat) : map(std::move(heat)) {
      const std::vector<double> weights = WeightsOfCells(map);
      if (weights.size() > kMostNamed) named_from = weights[kMostNamed - 1];
    }
    HeatMap map;
    double named_from = 0;  // The least weight of a cell with names.
    size_t named = 0;       // How many have them so far.
  };

  void DrawKey() {
    const double all = report_.facts.all.weight;
    if (!(all > 0)) {
      out_ << "<p class=\"key\">There are no weights, so no cell is hot.</p>";
      return;
    }
    out_ << "<div class=\"key\"><span><svg width=\"12\" height=\"12\" "
            "viewBox=\"0 0 1 1\" style=\"vertical-align:-2px\"><rect "
            "class=\"c\" width=\"1\" height=\"1\"/></svg> does not run</span>"
            "<span>"
         << OneFigure(scale_.least() / all) << " "
         << "<span class=\"scale\">";
    for (int i = 0; i < kHeatSteps; ++i) {
      out_ << absl::StrFormat("<i style=\"background:var(--h%d)\"></i>", i);
    }
    out_ << "</span> " << OneFigure(scale_.most() / all)
         << " of the weight in one cell</span>";
    out_ << absl::StrFormat(
        "<span><b><data id=\"hot-before\" value=\"%d\">%s</data></b> pages run "
        "before, <b><data id=\"hot-after\" value=\"%d\">%s</data></b> "
        "after</span></div>\n",
        WeightsOfCells(report_.facts.heat_before).size(),
        Grouped(WeightsOfCells(report_.facts.heat_before).size()),
        WeightsOfCells(report_.facts.heat_after).size(),
        Grouped(WeightsOfCells(report_.facts.heat_after).size()));
  }

  void DrawRegion(const HeatRegion& region, Side& side) {
    const uint64_t cells = region.cells.size();
    const uint64_t rows = (cells + columns_ - 1) / columns_;
    const double all = report_.facts.all.weight;
    const bool arena = !region.module_id.has_value();
    const absl::string_view path = region.name;
    out_ << absl::StrFormat(
        "<div class=\"region%s\"><p><span class=\"name\">%s</span><span>%s%s"
        "</span></p><svg viewBox=\"0 0 %d %d\" role=\"img\" "
        "aria-label=\"pages\">",
        arena ? " arena" : "",
        arena ? absl::StrCat("arena ", Escaped(Shortened(path, 80)))
              : Escaped(Shortened(path.substr(path.rfind('/') + 1), 80)),
        Bytes(static_cast<double>(region.size)),
        all > 0 ? absl::StrCat(", ", Percent(region.Weight() / all),
                               " of the weight")
                : "",
        columns_, rows);
    const uint64_t last = cells % columns_;
    const uint64_t full = last == 0 ? rows : rows - 1;
    if (full != 0) {
      out_ << absl::StrFormat(
          "<rect width=\"%d\" height=\"%d\" fill=\"url(#cold)\"/>", columns_,
          full);
    }
    if (last != 0) {
      out_ << absl::StrFormat(
          "<rect y=\"%d\" width=\"%d\" height=\"1\" fill=\"url(#cold)\"/>",
          full, last);
    }
    std::vector<std::string> unnamed(kHeatSteps);
    for (size_t i = 0; i < cells; ++i) {
      const HeatCell& cell = region.cells[i];
      if (!(cell.weight > 0)) continue;
      const uint64_t x = i % columns_;
      const uint64_t y = i / columns_;
      const int step = scale_.Step(cell.weight);
      if (cell.weight < side.named_from || side.named >= kMostNamed) {
        absl::StrAppend(&unnamed[static_cast<size_t>(step)], "M", x, " ", y,
                        "h.86v.86h-.86z");
        continue;
      }
      ++side.named;
      out_ << absl::StrFormat(
          "<rect class=\"h%d\" x=\"%d\" y=\"%d\" width=\".86\" "
          "height=\".86\"><title>%s</title></rect>",
          step, x, y, Title(region, i));
    }
    for (int step = 0; step < kHeatSteps; ++step) {
      const std::string& path_data = unnamed[static_cast<size_t>(step)];
      if (path_data.empty()) continue;
      out_ << absl::StrFormat("<path class=\"h%d\" d=\"%s\"/>", step,
                              path_data);
    }
    out_ << "</svg></div>\n";
  }

  std::string Title(const HeatRegion& region, size_t index) const {
    const LinkGraph& graph = report_.planned.graph;
    const HeatCell& cell = region.cells[index];
    const absl::string_view path = region.name;
    std::string title = absl::StrFormat(
        "%s+0x%x: %s of the weight, %d function%s",
        Escaped(Shortened(path.substr(path.rfind('/') + 1), 80)),
        region.begin + index * bytes_of_a_cell_,
        Percent(cell.weight / report_.facts.all.weight), cell.sections,
        cell.sections == 1 ? "" : "s");
    for (const HeatCell::Share& share : cell.hottest) {
      if (!share.section_id.has_value()) continue;
      const ModuleId module_id = graph.sections[share.section_id].module_id;
      absl::StrAppend(&title, "\n", Percent(share.weight / cell.weight), " ",
                      FunctionText(graph, share.section_id, kMostOfName));
      // In an arena they come from anywhere.
      if (!region.module_id.has_value()) {
        absl::StrAppend(&title, " (", ModuleText(graph.modules[module_id]),
                        ")");
      }
    }
    return title;
  }

  const Report& report_;
  std::ostream& out_;
  const uint64_t bytes_of_a_cell_;
  Side before_;
  Side after_;
  const Scale scale_;
  const uint64_t columns_;
};

}  // namespace

void WriteHeatMaps(const Report& report, std::ostream& out) {
  if (report.facts.heat_before.regions.empty()) return;
  Drawing(report, out).Draw();
}

}  // namespace relink::tools
