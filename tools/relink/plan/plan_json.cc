// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "tools/relink/json_writer.h"
#include "tools/relink/plan/plan_print.h"

namespace relink::tools {
namespace {

using Lines = JsonWriter::Lines;

void WriteModules(const PlannedLink& planned, JsonWriter& json) {
  json.Key("modules");
  json.BeginArray();
  for (uint32_t i = 0; i < planned.graph.modules.size(); ++i) {
    const Module& module = planned.graph.modules[ModuleId(i)];
    const ModulePlacement& placement = planned.layout.modules[ModuleId(i)];
    json.BeginObject(Lines::kOne);
    json.Field("name", module.name());
    json.Field("capability", Name(module.capability));
    json.Field("materialization", Name(module.materialization));
    json.Field("depth", Name(module.depth));
    json.Field("reservation", placement.reservation);
    json.Field("offset", placement.offset);
    json.Field("size", placement.span.size);
    json.EndObject();
  }
  json.EndArray();
}

void WriteArenas(const PlannedLink& planned, JsonWriter& json) {
  json.Key("arenas");
  json.BeginArray();
  for (uint32_t i = 0; i < planned.graph.arenas.size(); ++i) {
    const Arena& arena = planned.graph.arenas[ArenaId(i)];
    const ArenaPlacement& placement = planned.layout.arenas[ArenaId(i)];
    json.BeginObject(Lines::kOne);
    json.Field("name", arena.name);
    json.Field("class", Name(arena.memory_class));
    json.Field("huge_pages", arena.huge_pages);
    json.Field("reservation", placement.reservation);
    json.Field("offset", placement.offset);
    json.Field("size", placement.size);
    json.EndObject();
  }
  json.EndArray();
}

void WriteParts(const PlannedLink& planned, JsonWriter& json) {
  json.Key("parts");
  json.BeginArray();
  for (const PlannedPart& part : planned.after) {
    json.BeginObject(Lines::kOne);
    json.Field("name", PartName(planned, part));
    json.Field("module", part.module_id.index());
    json.Field("reservation", part.reservation);
    json.Field("offset", part.offset);
    json.Field("size", part.size);
    if (part.section_id.has_value()) {
      const Section& section = planned.graph.sections[part.section_id];
      json.Field("kind", Name(section.kind));
      json.Field("class", Name(section.memory_class));
      if (section.arena_id.has_value()) {
        json.Field("arena", section.arena_id.index());
      }
      if (section.home != LinkRange()) {
        json.Field("home", section.home.begin.value());
      }
      if (section.weight > 0) {
        json.Field("weight", absl::StrCat(section.weight));
      }
      if (!section.pinned.empty()) json.Field("pinned", section.pinned);
    }
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace

void WriteMetricsJson(absl::string_view key,
                      const LayoutMetrics::Result& metrics, JsonWriter& json) {
  json.Key(key);
  json.BeginObject(Lines::kOne);
  json.Field("sections", metrics.sections);
  json.Field("bytes", metrics.bytes);
  json.Field("pages", metrics.pages);
  json.Field("huge_pages", metrics.huge_pages);
  json.Field("cache_lines", metrics.lines);
  json.Field("calls", static_cast<uint64_t>(metrics.calls));
  json.Field("bytes_of_a_call", static_cast<uint64_t>(metrics.call_distance));
  json.Field("calls_on_a_page_per_mille",
             static_cast<uint64_t>(1000 * metrics.calls_on_page));
  json.EndObject();
}

void PrintPlanJson(const PlannedLink& planned, std::ostream& out) {
  JsonWriter json(out);
  json.BeginObject();
  json.Field("file", planned.graph.modules[planned.graph.root_id].name());
  json.Field("weighted", planned.metrics_after.weighted);
  WriteMetricsJson("before", planned.metrics_before, json);
  WriteMetricsJson("after", planned.metrics_after, json);
  WriteModules(planned, json);
  WriteArenas(planned, json);
  WriteParts(planned, json);
  json.EndObject();
  out << '\n';
}

}  // namespace relink::tools
