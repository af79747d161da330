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
#include "tools/relink/plan/plan_print.h"

namespace relink::tools {
namespace {

constexpr uint64_t kPage = 4096;
constexpr uint64_t kBytesPerPixel = 8;
constexpr uint64_t kPaneWidth = kPage / kBytesPerPixel;
constexpr uint64_t kRowHeight = 7;
constexpr uint64_t kRow = kRowHeight + 1;  // With the gap below.
constexpr uint64_t kTop = 64;
constexpr uint64_t kMargin = 90;  // Left of a pane, for addresses.
constexpr uint64_t kWidth = 2 * (kMargin + kPaneWidth) + 20;

struct Colour {
  absl::string_view value;
  absl::string_view meaning;
};
constexpr Colour kPlacedFunction = {"#3b78b5", "function, in an arena"};
constexpr Colour kFunction = {"#9fc2e0", "function that stays"};
constexpr Colour kPinned = {"#8a8a8a", "function that is pinned"};
constexpr Colour kOtherCode = {"#d9d2c5", "other code"};
constexpr Colour kDropped = {"#f2b8b8", "dropped"};
// From what runs least to what runs most, each some times as often.
constexpr Colour kHeat[] = {
    {"#fde0a6", "runs"},
    {"#fbb862", "runs more"},
    {"#f0743e", "runs much"},
    {"#c4201f", "runs most"},
};

class Picture {
 public:
  Picture(const PlannedLink& planned, std::ostream& out)
      : planned_(planned), out_(out) {
    for (const Section& section : planned.graph.sections) {
      if (section.size == 0) continue;
      most_ = std::max(most_, Density(section));
    }
  }

  void Draw() {
    const std::vector<PlannedPart> before = Code(planned_.before);
    const std::vector<PlannedPart> after = Code(planned_.after);
    const std::vector<Row> rows_before = Rows(before);
    const std::vector<Row> rows_after = Rows(after);
    const uint64_t height =
        kTop + kRow * std::max(rows_before.size(), rows_after.size()) + 10;
    out_ << absl::StrFormat(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
        "font-family=\"sans-serif\" font-size=\"11\">\n"
        "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
        kWidth, height);
    DrawLegend();
    DrawPane("before", kMargin, before, rows_before);
    DrawPane("after", 2 * kMargin + kPaneWidth, after, rows_after);
    out_ << "</svg>\n";
  }

 private:
  // One page that has code: which, as a multiple of its size.
  struct Row {
    uint32_t reservation;
    uint64_t page;
    friend auto operator<=>(const Row&, const Row&) = default;
  };

  static double Density(const Section& section) {
    return section.weight / static_cast<double>(section.size);
  }

  std::vector<PlannedPart> Code(const std::vector<PlannedPart>& parts) const {
    std::vector<PlannedPart> code;
    for (const PlannedPart& part : parts) {
      if (part.section_id.has_value() && part.size != 0 &&
          planned_.graph.sections[part.section_id].memory_class ==
              MemoryClass::kCode) {
        code.push_back(part);
      }
    }
    return code;
  }

  // The pages of parts, which ascend.
  static std::vector<Row> Rows(const std::vector<PlannedPart>& parts) {
    std::vector<Row> rows;
    for (const PlannedPart& part : parts) {
      for (uint64_t page = part.offset / kPage; page * kPage < part.end();
           ++page) {
        const Row row = {part.reservation, page};
        if (rows.empty() || rows.back() < row) rows.push_back(row);
      }
    }
    return rows;
  }

  Colour ColourOf(const Section& section) const {
    if (section.dead) return kDropped;
    if (most_ > 0 && section.weight > 0) {
      const double below = std::log10(most_ / Density(section));
      return kHeat[below < 0.5 ? 3 : below < 1.5 ? 2 : below < 3 ? 1 : 0];
    }
    if (section.kind != SectionKind::kFunction) return kOtherCode;
    if (section.arena_id.has_value()) return kPlacedFunction;
    return section.pinned.empty() ? kFunction : kPinned;
  }

  void DrawLegend() {
    std::vector<Colour> colours = {kPlacedFunction, kFunction, kPinned,
                                   kOtherCode};
    if (std::ranges::any_of(planned_.graph.sections, &Section::dead)) {
      colours.push_back(kDropped);
    }
    if (most_ > 0) {
      for (const Colour& heat : kHeat) colours.push_back(heat);
    }
    uint64_t x = kMargin;
    for (const Colour& colour : colours) {
      out_ << absl::StrFormat(
          "<rect x=\"%d\" y=\"10\" width=\"12\" height=\"12\" fill=\"%s\"/>"
          "<text x=\"%d\" y=\"20\">%s</text>\n",
          x, colour.value, x + 16, colour.meaning);
      x += 26 + 6 * colour.meaning.size();
    }
  }

  void DrawPane(absl::string_view title, uint64_t x,
                const std::vector<PlannedPart>& parts,
                const std::vector<Row>& rows) {
    out_ << absl::StrFormat(
        "<text x=\"%d\" y=\"46\" font-size=\"14\">%s: %d pages of "
        "code</text>\n",
        x, title, rows.size());
    for (size_t i = 0; i < rows.size(); ++i) {
      const uint64_t y = kTop + i * kRow;
      out_ << absl::StrFormat(
          "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
          "fill=\"#f4f4f4\"/>\n",
          x, y, kPaneWidth, kRowHeight);
      if (i % 8 == 0 || rows[i - 1].page + 1 != rows[i].page) {
        out_ << absl::StrFormat(
            "<text x=\"%d\" y=\"%d\" font-size=\"7\" fill=\"#555\" "
            "text-anchor=\"end\">%d:0x%x</text>\n",
            x - 4, y + kRowHeight - 1, rows[i].reservation,
            rows[i].page * kPage);
      }
    }
    size_t row = 0;
    for (const PlannedPart& part : parts) {
      while (rows[row] < Row{part.reservation, part.offset / kPage}) ++row;
      DrawPart(part, x, row);
    }
  }

  // A rectangle on each page that the part is on, from row `row` on.
  void DrawPart(const PlannedPart& part, uint64_t x, size_t row) {
    const Section& section = planned_.graph.sections[part.section_id];
    const std::string title = absl::StrFormat(
        "%s %s, %d bytes%s", FileName(planned_.graph.modules[part.module_id]),
        PartName(planned_, part), part.size,
        section.weight > 0 ? absl::StrCat(", weight ", section.weight) : "");
    for (uint64_t at = part.offset; at < part.end(); ++row) {
      const uint64_t end = std::min(part.end(), (at / kPage + 1) * kPage);
      const double left = static_cast<double>(at % kPage) / kBytesPerPixel;
      const double width = static_cast<double>(end - at) / kBytesPerPixel;
      out_ << absl::StrFormat(
          "<rect x=\"%g\" y=\"%d\" width=\"%g\" height=\"%d\" fill=\"%s\">"
          "<title>%s</title></rect>\n",
          static_cast<double>(x) + left, kTop + row * kRow,
          // A gap to the next, if there is room for one.
          width > 1 ? width - 0.4 : width, kRowHeight, ColourOf(section).value,
          Escaped(title));
      at = end;
    }
  }

  static std::string Escaped(absl::string_view text) {
    std::string escaped;
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '<' || c == '>' || c == '&' || byte < 0x20 || byte >= 0x7f) {
        absl::StrAppend(&escaped, "&#",
                        static_cast<int>(byte < 0x20 ? 0xb7 : byte), ";");
      } else {
        escaped.push_back(c);
      }
    }
    return escaped;
  }

  const PlannedLink& planned_;
  std::ostream& out_;
  double most_ = 0;  // The greatest weight per byte.
};

}  // namespace

void PrintPlanSvg(const PlannedLink& planned, std::ostream& out) {
  Picture(planned, out).Draw();
}

}  // namespace relink::tools
