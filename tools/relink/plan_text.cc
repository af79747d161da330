// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tools/relink/plan_print.h"
#include "tools/relink/shown_text.h"

namespace relink::tools {
namespace {

constexpr uint64_t kPage = 4096;

// How much of something there is, and how much of that has an arena.
struct Placed {
  uint64_t count = 0;
  uint64_t bytes = 0;
  uint64_t placed_count = 0;
  uint64_t placed_bytes = 0;

  void Add(const Section& section) {
    ++count;
    bytes += section.size;
    if (!section.arena_id.has_value()) return;
    ++placed_count;
    placed_bytes += section.size;
  }
};

void PrintModules(const PlannedLink& planned, std::ostream& out) {
  const LinkGraph& graph = planned.graph;
  std::vector<Placed> functions(graph.modules.size());
  for (const Section& section : graph.sections) {
    if (section.live() && section.kind == SectionKind::kFunction) {
      functions[section.module_id.index()].Add(section);
    }
  }
  for (uint32_t i = 0; i < graph.modules.size(); ++i) {
    const Module& module = graph.modules[ModuleId(i)];
    out << absl::StrFormat("%-11s %-8s %s\n", Name(module.capability),
                           Name(module.materialization), Shown(module.name()));
    const Placed& placed = functions[i];
    if (placed.count == 0) continue;
    out << absl::StrFormat(
        "            functions in arenas: %d of %d, %d of %d bytes\n",
        placed.placed_count, placed.count, placed.placed_bytes, placed.bytes);
  }
}

void PrintArenas(const PlannedLink& planned, std::ostream& out) {
  const LinkGraph& graph = planned.graph;
  if (graph.arenas.empty()) return;
  std::vector<Placed> contents(graph.arenas.size());
  for (const Section& section : graph.sections) {
    if (section.live() && section.arena_id.has_value()) {
      contents[section.arena_id.index()].Add(section);
    }
  }
  out << absl::StrFormat("\n%-20s %-7s %8s %8s %9s\n", "arena", "class",
                         "sections", "pages", "bytes");
  for (uint32_t i = 0; i < graph.arenas.size(); ++i) {
    const Arena& arena = graph.arenas[ArenaId(i)];
    out << absl::StrFormat(
        "%-20s %-7s %8d %8d %9d%s\n", Shown(arena.name),
        Name(arena.memory_class), contents[i].count,
        planned.layout.arenas[ArenaId(i)].size / kPage, contents[i].bytes,
        arena.huge_pages ? "  huge pages" : "");
  }
}

void PrintMetrics(const PlannedLink& planned, std::ostream& out) {
  const LayoutMetrics::Result& before = planned.metrics_before;
  const LayoutMetrics::Result& after = planned.metrics_after;
  const auto print = [&](absl::string_view name, uint64_t a, uint64_t b) {
    out << absl::StrFormat("%-28s %12d %12d\n", name, a, b);
  };
  out << absl::StrFormat("\n%-28s %12s %12s\n",
                         after.weighted ? "code that runs" : "all code",
                         "before", "after");
  print("sections", before.sections, after.sections);
  print("bytes", before.bytes, after.bytes);
  print("pages", before.pages, after.pages);
  print("pages of 2 MiB", before.huge_pages, after.huge_pages);
  print("cache lines", before.lines, after.lines);
  if (after.calls <= 0) return;
  print("bytes that a call goes", static_cast<uint64_t>(before.call_distance),
        static_cast<uint64_t>(after.call_distance));
  out << absl::StrFormat("%-28s %11.1f%% %11.1f%%\n", "calls that stay on a page",
                         100 * before.calls_on_page,
                         100 * after.calls_on_page);
}

}  // namespace

std::string PartName(const PlannedLink& planned, const PlannedPart& part) {
  if (!part.section_id.has_value()) {
    return absl::StrCat("segment ", part.segment);
  }
  const Section& section = planned.graph.sections[part.section_id];
  return section.name.empty()
             ? absl::StrCat("0x", absl::Hex(section.home.begin.value()))
             : std::string(section.name);
}

absl::string_view FileName(const Module& module) {
  const absl::string_view path = module.name();
  return path.substr(path.rfind('/') + 1);
}

uint64_t PartAddress(const PlannedLink& planned, const PlannedPart& part) {
  const ReservationPlan& plan = planned.layout.reservations[part.reservation];
  return part.offset + (plan.fixed ? plan.address.value() : 0);
}

void PrintPlanText(const PlannedLink& planned, std::ostream& out) {
  PrintModules(planned, out);
  PrintArenas(planned, out);
  if (planned.metrics_after.sections != 0) PrintMetrics(planned, out);
}

void PrintPlanMap(const PlannedLink& planned, std::ostream& out) {
  for (const PlannedPart& part : planned.after) {
    const Module& module = planned.graph.modules[part.module_id];
    absl::string_view kind = "segment";
    absl::string_view memory_class;
    std::string arena;
    if (part.section_id.has_value()) {
      const Section& section = planned.graph.sections[part.section_id];
      kind = Name(section.kind);
      memory_class = Name(section.memory_class);
      if (section.arena_id.has_value()) {
        arena = planned.graph.arenas[section.arena_id].name;
      }
    }
    out << absl::StrFormat("%d:0x%08x %8d  %-10s %-6s %-12s %s %s\n",
                           part.reservation, PartAddress(planned, part),
                           part.size, kind, memory_class,
                           arena.empty() ? "-" : Shown(arena),
                           Shown(FileName(module)),
                           Shown(PartName(planned, part)));
  }
}

}  // namespace relink::tools
