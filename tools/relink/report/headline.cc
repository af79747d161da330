// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "tools/relink/report/html_text.h"
#include "tools/relink/report/page_parts.h"

namespace relink::tools {
namespace {

enum class Unit { kCount, kBytes, kPerMille };

struct Metric {
  absl::string_view id;
  absl::string_view name;
  Unit unit = Unit::kCount;
  bool more_is_better = false;
  uint64_t (*value)(const LayoutMetrics::Result&);
};

// The same numbers as `relink plan --json` has.
constexpr Metric kMetrics[] = {
    {.id = "sections",
     .name = "Functions",
     .value = [](const LayoutMetrics::Result& m) { return m.sections; }},
    {.id = "bytes",
     .name = "Size",
     .unit = Unit::kBytes,
     .value = [](const LayoutMetrics::Result& m) { return m.bytes; }},
    {.id = "pages",
     .name = "4 KiB pages",
     .value = [](const LayoutMetrics::Result& m) { return m.pages; }},
    {.id = "huge_pages",
     .name = "2 MiB pages",
     .value = [](const LayoutMetrics::Result& m) { return m.huge_pages; }},
    {.id = "cache_lines",
     .name = "Cache lines",
     .value = [](const LayoutMetrics::Result& m) { return m.lines; }},
    {.id = "calls_on_a_page_per_mille",
     .name = "Calls that stay on a page",
     .unit = Unit::kPerMille,
     .more_is_better = true,
     .value =
         [](const LayoutMetrics::Result& m) {
           return static_cast<uint64_t>(1000 * m.calls_on_page);
         }},
    {.id = "bytes_of_a_call",
     .name = "Mean distance of a call",
     .unit = Unit::kBytes,
     .value =
         [](const LayoutMetrics::Result& m) {
           return static_cast<uint64_t>(m.call_distance);
         }},
};

std::string InUnit(Unit unit, uint64_t value) {
  switch (unit) {
    case Unit::kCount:
      return Grouped(value);
    case Unit::kBytes:
      return Bytes(static_cast<double>(value));
    case Unit::kPerMille:
      return Percent(static_cast<double>(value) / 1000);
  }
  return "";
}

std::string Change(const Metric& metric, double before, double after) {
  if (metric.unit == Unit::kPerMille) {
    return absl::StrFormat("%+.1f points", (after - before) / 10);
  }
  if (before == 0) return "";
  const double change = 100 * (after - before) / before;
  // Of what is many times as much, nobody wants per cent.
  return after >= 4 * before ? absl::StrFormat("%.1f times", after / before)
                             : absl::StrFormat("%+.1f%%", change);
}

void WriteMetric(const Metric& metric, const LayoutMetrics::Result& was,
                 const LayoutMetrics::Result& is, std::ostream& out) {
  const uint64_t before = metric.value(was);
  const uint64_t after = metric.value(is);
  const bool same = before == after;
  const bool good = (after > before) == metric.more_is_better;
  out << absl::StrFormat(
      "<div class=\"metric\" id=\"metric-%s\"><h3>%s</h3>"
      "<p class=\"now\"><data class=\"after\" value=\"%d\">%s</data> "
      "<span class=\"delta %s\">%s</span></p>"
      "<p class=\"was\">before: <data class=\"before\" value=\"%d\">%s</data>"
      "</p>",
      metric.id, metric.name, after, InUnit(metric.unit, after),
      same   ? ""
      : good ? "good"
             : "bad",
      same ? "unchanged"
           : Change(metric, static_cast<double>(before),
                    static_cast<double>(after)),
      before, InUnit(metric.unit, before));
  const double most =
      static_cast<double>(std::max({before, after, uint64_t{1}}));
  out << absl::StrFormat(
      "<div class=\"bars\"><i style=\"width:%.1f%%\"></i>"
      "<b style=\"width:%.1f%%\"></b></div></div>\n",
      100 * static_cast<double>(before) / most,
      100 * static_cast<double>(after) / most);
}

void WriteSplit(const ReportFacts& facts, std::ostream& out) {
  struct Part {
    absl::string_view css;
    absl::string_view meaning;
    const Amount& amount;
  };
  const Part parts[] = {
      {"moved", "moved", facts.moved},
      {"refused", "had to stay", facts.refused},
      {"left", "stays, as it runs too little or nobody chose it", facts.left},
  };
  out << "<h3 style=\"margin-top:16px\">Where the weight went</h3>"
         "<div class=\"split\">";
  for (const Part& part : parts) {
    if (!(part.amount.weight > 0)) continue;
    out << absl::StrFormat("<span class=\"%s\" style=\"flex:%.4f\"></span>",
                           part.css, part.amount.weight / facts.all.weight);
  }
  out << "</div><div class=\"key\">";
  for (const Part& part : parts) {
    out << absl::StrFormat(
        "<span><i class=\"swatch %s\"></i><b>%s</b> %s: %s functions, "
        "%s</span>",
        part.css, Percent(part.amount.weight / facts.all.weight), part.meaning,
        Grouped(part.amount.functions),
        Bytes(static_cast<double>(part.amount.bytes)));
  }
  out << "</div>";
}

}  // namespace

void WriteHeadline(const Report& report, std::ostream& out) {
  const LayoutMetrics::Result& before = report.planned.metrics_before;
  const LayoutMetrics::Result& after = report.planned.metrics_after;
  out << "<section id=\"headline\">\n";
  if (after.sections == 0) {
    out << "<h2>Nothing was opened</h2><p class=\"lead\">No pass looked into "
           "the code of any module; give --profile or --passes.</p>"
           "</section>\n";
    return;
  }
  out << (report.facts.weighted ? "<h2>Code that runs</h2>"
                                : "<h2>All code</h2>")
      << "<p class=\"lead\">"
      << (report.facts.weighted
              ? "What the code that the profile saw takes, where the files "
                "have it and where the passes put it."
              : "There is no profile, so nothing says what runs: all that was "
                "opened counts.")
      << "</p><div class=\"metrics\">\n";
  for (const Metric& metric : kMetrics) {
    const bool of_calls = metric.id == "calls_on_a_page_per_mille" ||
                          metric.id == "bytes_of_a_call";
    if (of_calls && !(after.calls > 0)) continue;
    WriteMetric(metric, before, after, out);
  }
  out << "</div>\n";
  if (report.facts.all.weight > 0) WriteSplit(report.facts, out);
  out << "</section>\n";
}

}  // namespace relink::tools
