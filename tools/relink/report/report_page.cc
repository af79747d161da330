// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <sstream>
#include <string>

#include "absl/strings/string_view.h"
#include "tools/relink/report/html_text.h"
#include "tools/relink/report/page_parts.h"
#include "tools/relink/report/page_style.h"
#include "tools/relink/report/report_print.h"

namespace relink::tools {
namespace {

constexpr size_t kMostOfTitle = 200;

struct Part {
  absl::string_view id;
  absl::string_view name;
  void (*write)(const Report&, std::ostream&);
};
constexpr Part kParts[] = {
    {"headline", "Numbers", WriteHeadline},
    {"map", "Heat map", WriteHeatMaps},
    {"curve", "Pages", WritePageCurve},
    {"functions", "Functions", WriteFunctions},
    {"refusals", "What had to stay", WriteRefusals},
    {"modules", "Modules", WriteModules},
    {"arenas", "Arenas", WriteArenas},
    {"passes", "Passes", WritePasses},
    {"profile", "Profile", WriteProfile},
};

void WriteHead(const std::string& title, std::ostream& out) {
  // Nothing is ever fetched, whatever the page has in it.
  out << "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
         "'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, "
         "initial-scale=1\">\n<title>"
      << title << "</title>\n<style>" << kPageStyle << "</style></head>\n";
}

}  // namespace

void WriteReportPage(const Report& report, std::ostream& out) {
  const LinkGraph& graph = report.planned.graph;
  const std::string title = Escaped(Shortened(report.title, kMostOfTitle));
  WriteHead(title, out);
  out << "<body><header><p class=\"eyebrow\">Relink: where code would go</p>"
         "<h1>"
      << title << "</h1><p class=\"path\">"
      << Escaped(Shortened(graph.modules[graph.root_id].name(), kMostOfTitle))
      << "</p><nav>";
  std::string body;
  for (const Part& part : kParts) {
    std::ostringstream written;
    part.write(report, written);
    // Some have nothing to say.
    if (written.view().empty()) continue;
    out << "<a href=\"#" << part.id << "\">" << part.name << "</a>";
    body += written.view();
  }
  out << "</nav></header><main>\n" << body;
  out << "</main><footer>Written by relink report. Weights are in the unit of "
         "the profile; nothing was mapped, and nothing was run.</footer>\n"
         "<script>"
      << kPageScript << "</script></body></html>\n";
}

}  // namespace relink::tools
