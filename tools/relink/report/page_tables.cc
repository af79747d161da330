// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "passes/section_text.h"
#include "tools/relink/report/html_text.h"
#include "tools/relink/report/page_parts.h"

namespace relink::tools {
namespace {

constexpr size_t kMostOfName = 160;
constexpr size_t kMostOfText = 400;
constexpr size_t kMostGroups = 60;
constexpr size_t kMostOfGroup = 12;

std::string Bytes(uint64_t bytes) {
  return tools::Bytes(static_cast<double>(bytes));
}

// A bar and a number.
std::string Share(double part, double most) {
  return absl::StrFormat("<i class=\"share\" style=\"width:%.0fpx\"></i>%s",
                         most > 0 ? std::max(1.0, 60 * part / most) : 0,
                         Percent(part));
}

// Where a function goes, or why it does not.
std::string PlaceText(const FunctionFacts& function) {
  if (!function.place.empty()) {
    return absl::StrCat("<code>", Text(function.place), "</code>");
  }
  return absl::StrCat("<span class=\"",
                      function.why_stays.empty() ? "stays" : "bad", "\">",
                      function.why_stays.empty()
                          ? "stays"
                          : absl::StrCat("stays: ", Text(function.why_stays)),
                      "</span>");
}

}  // namespace

std::string Text(absl::string_view text) {
  return Escaped(Shortened(text, kMostOfText));
}

void WriteMore(size_t count, size_t shown, absl::string_view of,
               std::ostream& out) {
  if (count <= shown) return;
  out << "<p class=\"stays\">and " << Grouped(count - shown) << " more " << of
      << "</p>";
}

std::string FunctionText(const LinkGraph& graph, SectionId id, size_t most) {
  const Section& section = graph.sections[id];
  return Escaped(Shortened(section.name.empty()
                               ? absl::StrCat("at ", AddressText(section))
                               : Demangled(section.name),
                           most));
}

std::string ModuleText(const Module& module) {
  const absl::string_view path = module.name();
  return Escaped(Shortened(path.substr(path.rfind('/') + 1), 80));
}

void WriteFunctions(const Report& report, std::ostream& out) {
  const LinkGraph& graph = report.planned.graph;
  const ReportFacts& facts = report.facts;
  if (facts.functions.empty()) return;
  const double all = facts.all.weight;
  out << "<section id=\"functions\"><h2>"
      << (all > 0 ? "Heaviest functions" : "Largest functions that move")
      << "</h2><p class=\"lead\">"
      << (all > 0 ? "What runs most, where it was, and where it is now."
                  : "There are no weights, so by size.")
      << "</p><div class=\"scroll\"><table><thead><tr><th class=\"n\">#</th>"
         "<th>function</th><th>module</th><th class=\"n\">size</th>"
         "<th>was at</th><th>is at</th>";
  if (all > 0) out << "<th>weight</th><th class=\"n\">with those above</th>";
  out << "</tr></thead><tbody>\n";
  const double most = graph.sections[facts.functions[0].section_id].weight;
  for (size_t i = 0; i < facts.functions.size(); ++i) {
    const FunctionFacts& function = facts.functions[i];
    const Section& section = graph.sections[function.section_id];
    out << absl::StrFormat(
        "<tr><td class=\"n\">%d</td><td class=\"name\">%s</td><td>%s</td>"
        "<td class=\"n\">%s</td><td class=\"at\"><code>%s</code></td>"
        "<td class=\"at\">%s</td>",
        i + 1, FunctionText(graph, function.section_id, kMostOfName),
        ModuleText(graph.modules[section.module_id]), Bytes(section.size),
        AddressText(section), PlaceText(function));
    if (all > 0) {
      out << absl::StrFormat("<td class=\"at\">%s</td><td class=\"n\">%s</td>",
                             Share(section.weight / all, most / all),
                             Percent(function.cumulative));
    }
    out << "</tr>\n";
  }
  out << "</tbody></table></div></section>\n";
}

void WriteRefusals(const Report& report, std::ostream& out) {
  const LinkGraph& graph = report.planned.graph;
  const ReportFacts& facts = report.facts;
  const double all = facts.all.weight;
  out << "<section id=\"refusals\"><h2>What had to stay</h2>";
  if (facts.refusals.empty()) {
    out << "<p class=\"lead\">No function was refused for a reason.</p>"
           "</section>\n";
    return;
  }
  out << absl::StrFormat(
      "<p class=\"lead\"><data id=\"refused\" value=\"%d\">%s</data> functions "
      "with %s of the weight stay where their files have them, for these "
      "reasons.</p>\n",
      facts.refused.functions, Grouped(facts.refused.functions),
      Percent(all > 0 ? facts.refused.weight / all : 0));
  for (size_t i = 0; i < std::min(kMostGroups, facts.refusals.size()); ++i) {
    const RefusalGroup& group = facts.refusals[i];
    // Paper has no details that are closed.
    out << absl::StrFormat(
        "<details%s><summary><span>%s</span><span class=\"n\">%s "
        "functions</span><span class=\"n\">%s</span><span class=\"n\">%s"
        "</span></summary><table><tbody>\n",
        group.weight > 0 && i < 6 ? " open" : "", Text(group.reason),
        Grouped(group.functions.size()), Bytes(group.bytes),
        Percent(all > 0 ? group.weight / all : 0));
    const size_t shown = std::min(kMostOfGroup, group.functions.size());
    for (size_t j = 0; j < shown; ++j) {
      const Section& section = graph.sections[group.functions[j]];
      const bool somewhere = section.pinned_at != LinkAddr();
      out << absl::StrFormat(
          "<tr><td class=\"name\">%s</td><td>%s</td><td class=\"at\"><code>%s"
          "</code>%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td></tr>\n",
          FunctionText(graph, group.functions[j], kMostOfName),
          ModuleText(graph.modules[section.module_id]), AddressText(section),
          somewhere
              ? absl::StrFormat(" <span class=\"stays\">because of 0x%x</span>",
                                section.pinned_at.value())
              : "",
          Bytes(section.size), all > 0 ? Percent(section.weight / all) : "");
    }
    out << "</tbody></table>";
    WriteMore(group.functions.size(), shown, "functions", out);
    out << "</details>\n";
  }
  WriteMore(facts.refusals.size(), kMostGroups, "reasons", out);
  out << "</section>\n";
}

void WriteModules(const Report& report, std::ostream& out) {
  const LinkGraph& graph = report.planned.graph;
  const ReportFacts& facts = report.facts;
  const double all = facts.all.weight;
  out << "<section id=\"modules\"><h2>Modules</h2><p class=\"lead\">How well "
         "each is understood, what is done with it, and how many of the "
         "functions that were looked at move.</p><div class=\"scroll\"><table>"
         "<thead><tr><th>module</th><th>capability</th><th>materialization"
         "</th><th class=\"n\">functions</th><th class=\"n\">moved</th>"
         "<th class=\"n\">moved size</th><th>weight</th><th>moved weight</th>"
         "</tr></thead><tbody>\n";
  const size_t shown = std::min(kMostRows, facts.modules.size());
  double most = 0;
  for (const ModuleFacts& module : facts.modules) {
    most = std::max(most, module.known.weight);
  }
  for (uint32_t i = 0; i < shown; ++i) {
    const Module& module = graph.modules[ModuleId(i)];
    const ModuleFacts& amounts = facts.modules[i];
    out << absl::StrFormat("<tr><td><b>%s</b><div class=\"path\">%s</div>",
                           ModuleText(module), Text(module.name()));
    if (!amounts.refusal.empty()) {
      out << "<div class=\"bad\">" << Text(amounts.refusal) << "</div>";
    }
    out << absl::StrFormat(
        "</td><td>%s</td><td>%s</td><td class=\"n\">%s</td><td class=\"n\">%s"
        "</td><td class=\"n\">%s</td>",
        Name(module.capability), Name(module.materialization),
        Grouped(amounts.known.functions), Grouped(amounts.moved.functions),
        Bytes(amounts.moved.bytes));
    if (all > 0 && amounts.known.weight > 0) {
      out << absl::StrFormat(
          "<td class=\"at\">%s</td><td class=\"at\">%s of it</td></tr>\n",
          Share(amounts.known.weight / all, most / all),
          Percent(amounts.moved.weight / amounts.known.weight));
    } else {
      out << "<td></td><td></td></tr>\n";
    }
  }
  out << "</tbody></table></div>";
  WriteMore(facts.modules.size(), shown, "modules", out);
  out << "</section>\n";
}

void WriteArenas(const Report& report, std::ostream& out) {
  const LinkGraph& graph = report.planned.graph;
  if (graph.arenas.empty()) return;
  out << "<section id=\"arenas\"><h2>Arenas</h2><p class=\"lead\">Memory that "
         "passes made, and what they put there.</p><div class=\"scroll\">"
         "<table><thead><tr><th>arena</th><th>class</th><th>pages</th>"
         "<th class=\"n\">sections</th><th class=\"n\">contents</th>"
         "<th class=\"n\">memory</th><th class=\"n\">filled</th></tr></thead>"
         "<tbody>\n";
  const size_t shown = std::min<size_t>(kMostRows, graph.arenas.size());
  for (uint32_t i = 0; i < shown; ++i) {
    const Arena& arena = graph.arenas[ArenaId(i)];
    const Amount& contents = report.facts.arenas[i].contents;
    const uint64_t size = report.planned.layout.arenas[ArenaId(i)].size;
    out << absl::StrFormat(
        "<tr><td><b>%s</b></td><td>%s</td><td>%s</td><td class=\"n\">%s</td>"
        "<td class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td>"
        "</tr>\n",
        Text(arena.name), Name(arena.memory_class),
        arena.huge_pages ? "2 MiB, where the system has them" : "4 KiB",
        Grouped(contents.functions), Bytes(contents.bytes), Bytes(size),
        size == 0 ? ""
                  : Percent(static_cast<double>(contents.bytes) /
                            static_cast<double>(size)));
  }
  out << "</tbody></table></div>";
  WriteMore(graph.arenas.size(), shown, "arenas", out);
  out << "</section>\n";
}

}  // namespace relink::tools
