// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "passes/graph/apply_profile.h"
#include "tools/relink/report/html_text.h"
#include "tools/relink/report/page_parts.h"

namespace relink::tools {
namespace {

constexpr size_t kMostOfPasses = 4000;

}  // namespace

void WritePasses(const Report& report, std::ostream& out) {
  out << "<section id=\"passes\"><h2>Passes</h2>";
  if (report.passes.empty()) {
    out << "<p class=\"lead\">There were none.</p></section>\n";
    return;
  }
  out << "<pre>" << Escaped(Shortened(report.passes, kMostOfPasses))
      << "</pre><div class=\"two\"><div><table><thead><tr><th>pass</th>"
         "<th class=\"n\">time</th></tr></thead><tbody>\n";
  double most = 0;
  const auto milliseconds = [](const PassTimes::Row& row) {
    return std::chrono::duration<double, std::milli>(row.time).count();
  };
  for (const PassTimes::Row& row : report.times) {
    most = std::max(most, milliseconds(row));
  }
  for (const PassTimes::Row& row : report.times) {
    out << absl::StrFormat(
        "<tr><td>%s</td><td class=\"n\"><i class=\"share\" "
        "style=\"width:%.0fpx\"></i>%.1f ms</td></tr>\n",
        Text(row.pass), most > 0 ? 80 * milliseconds(row) / most : 0,
        milliseconds(row));
  }
  for (const std::string& pass : report.later_passes) {
    out << "<tr><td>" << Text(pass)
        << "</td><td class=\"n stays\">runs once code has its address"
           "</td></tr>\n";
  }
  out << "</tbody></table></div><div><table><thead><tr><th>what was counted"
         "</th><th class=\"n\"></th></tr></thead><tbody>\n";
  const size_t shown = std::min(kMostRows, report.counters.size());
  for (size_t i = 0; i < shown; ++i) {
    const Counters::Counter& counter = report.counters[i];
    out << absl::StrFormat("<tr><td>%s: %s</td><td class=\"n\">%s</td></tr>\n",
                           Text(counter.pass), Text(counter.name),
                           Grouped(counter.value));
  }
  out << "</tbody></table></div></div></section>\n";
}

void WriteProfile(const Report& report, std::ostream& out) {
  std::vector<const CollectedRemarks::Kept*> notes;
  for (const CollectedRemarks::Kept& remark : report.remarks) {
    if (remark.pass == ApplyProfile::kName) notes.push_back(&remark);
  }
  if (report.profile.empty() && notes.empty()) return;
  out << "<section id=\"profile\"><h2>Profile</h2>";
  if (!report.profile.empty()) {
    out << "<p class=\"path\">" << Text(report.profile) << "</p>";
  }
  const size_t sources = std::min(kMostRows, report.sources.size());
  for (size_t i = 0; i < sources; ++i) {
    out << "<p>from " << Text(report.sources[i]) << "</p>\n";
  }
  WriteMore(report.sources.size(), sources, "sources", out);
  out << "<table><thead><tr><th>module</th><th>how it fits</th></tr></thead>"
         "<tbody>\n";
  const size_t shown = std::min(kMostRows, notes.size());
  for (size_t i = 0; i < shown; ++i) {
    const absl::string_view module = notes[i]->module;
    out << absl::StrFormat(
        "<tr><td>%s</td><td%s>%s</td></tr>\n",
        module.empty() ? "all" : Text(module.substr(module.rfind('/') + 1)),
        notes[i]->kind == RemarkKind::kRefused ? " class=\"bad\"" : "",
        Text(notes[i]->message));
  }
  out << "</tbody></table></section>\n";
}

}  // namespace relink::tools
