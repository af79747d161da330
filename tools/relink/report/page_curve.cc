// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "tools/relink/report/html_text.h"
#include "tools/relink/report/page_parts.h"

namespace relink::tools {
namespace {

constexpr double kWidth = 640;
constexpr double kHeight = 240;
constexpr double kLeft = 44;
constexpr double kBottom = 22;
constexpr double kTop = 8;
constexpr size_t kMostPoints = 400;

class Curve {
 public:
  Curve(size_t most_pages, std::ostream& out)
      : most_(static_cast<double>(std::max<size_t>(1, most_pages))),
        out_(out) {}

  void DrawAxes() {
    for (int i = 0; i <= 4; ++i) {
      const double y = Y(0.25 * i);
      out_ << absl::StrFormat(
          "<path class=\"grid\" d=\"M%.1f %.1fH%.1f\"/><text x=\"%.1f\" "
          "y=\"%.1f\" text-anchor=\"end\">%d%%</text>",
          kLeft, y, kWidth, kLeft - 6, y + 4, 25 * i);
    }
    const double step = RoundStep(most_ / 6);
    for (double pages = 0; pages <= most_; pages += step) {
      out_ << absl::StrFormat(
          "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>",
          X(pages), kHeight - 5, Grouped(static_cast<uint64_t>(pages)));
    }
  }

  // What the hottest page has, the hottest two, and so on.
  void Draw(absl::string_view css, const std::vector<double>& weights) {
    const double all = std::accumulate(weights.begin(), weights.end(), 0.0);
    const size_t step = weights.size() / kMostPoints + 1;
    out_ << absl::StrFormat("<path class=\"%s\" d=\"M%.1f %.1f", css, X(0),
                            Y(0));
    double sum = 0;
    for (size_t i = 0; i < weights.size(); ++i) {
      sum += weights[i];
      if (i % step != 0 && i + 1 != weights.size()) continue;
      out_ << absl::StrFormat("L%.1f %.1f", X(static_cast<double>(i + 1)),
                              Y(sum / all));
    }
    out_ << "\"/>";
  }

 private:
  // The next of 1, 2, 5, 10, 20, ...
  static double RoundStep(double least) {
    double power = 1;
    while (power * 10 <= least) power *= 10;
    for (const double times : {1, 2, 5}) {
      if (times * power >= least) return times * power;
    }
    return 10 * power;
  }

  double X(double pages) const {
    return kLeft + pages / most_ * (kWidth - kLeft - 4);
  }
  static double Y(double part) {
    return kHeight - kBottom - part * (kHeight - kBottom - kTop);
  }

  const double most_;
  std::ostream& out_;
};

}  // namespace

void WritePageCurve(const Report& report, std::ostream& out) {
  const std::vector<double> before = WeightsOfCells(report.facts.heat_before);
  const std::vector<double> after = WeightsOfCells(report.facts.heat_after);
  if (before.empty() || after.empty()) return;
  out << "<section id=\"curve\"><h2>Pages that hold the weight</h2>"
         "<p class=\"lead\">The hottest pages first: how much of what runs "
         "they have together, by the number of pages. The steeper, the fewer "
         "pages and entries of a "
         "TLB it takes.</p><div class=\"curve\">"
      << absl::StrFormat(
             "<svg viewBox=\"0 0 %g %g\" role=\"img\" "
             "aria-label=\"weight by number of pages\">",
             kWidth, kHeight);
  Curve curve(std::max(before.size(), after.size()), out);
  curve.DrawAxes();
  curve.Draw("line-was", before);
  curve.Draw("line-now", after);
  out << "</svg><div><table><thead><tr><th>of the weight</th>"
         "<th class=\"n\">before</th><th class=\"n\">after</th></tr></thead>"
         "<tbody>\n";
  for (const double part : {0.5, 0.75, 0.9, 0.95, 0.99}) {
    out << absl::StrFormat(
        "<tr><td>%g%%</td><td class=\"n\">%s</td><td class=\"n\"><b>%s</b>"
        "</td></tr>\n",
        100 * part, Grouped(CellsWith(part, before)),
        Grouped(CellsWith(part, after)));
  }
  out << absl::StrFormat(
             "<tr><td>all of it</td><td class=\"n\">%s</td>"
             "<td class=\"n\"><b>%s</b></td></tr>",
             Grouped(before.size()), Grouped(after.size()))
      << "</tbody></table><p class=\"key\"><span><svg width=\"26\" "
         "height=\"8\"><path class=\"line-was\" d=\"M0 4H26\"/></svg> "
         "before</span><span><svg width=\"26\" height=\"8\"><path "
         "class=\"line-now\" d=\"M0 4H26\"/></svg> after</span></p>"
         "</div></div></section>\n";
}

}  // namespace relink::tools
