// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "absl/strings/string_view.h"
#include "tools/relink/report/html_text.h"
#include "tools/relink/report/page_parts.h"
#include "tools/relink/report/page_style.h"
#include "tools/relink/report/report_print.h"

namespace relink::tools {
namespace {

constexpr size_t kMostOfTitle = 200;

constexpr absl::string_view kContents =
    "<nav><a href=\"#headline\">Numbers</a><a href=\"#map\">Heat map</a>"
    "<a href=\"#curve\">Pages</a><a href=\"#functions\">Functions</a>"
    "<a href=\"#refusals\">What had to stay</a><a href=\"#modules\">Modules"
    "</a><a href=\"#arenas\">Arenas</a><a href=\"#passes\">Passes</a>"
    "<a href=\"#profile\">Profile</a></nav>\n";

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
      << "</p>" << kContents << "</header><main>\n";
  WriteHeadline(report, out);
  WriteHeatMaps(report, out);
  WritePageCurve(report, out);
  WriteFunctions(report, out);
  WriteRefusals(report, out);
  WriteModules(report, out);
  WriteArenas(report, out);
  WritePasses(report, out);
  WriteProfile(report, out);
  out << "</main><footer>Written by relink report. Weights are in the unit of "
         "the profile; nothing was mapped, and nothing was run.</footer>\n"
         "<script>"
      << kPageScript << "</script></body></html>\n";
}

}  // namespace relink::tools
