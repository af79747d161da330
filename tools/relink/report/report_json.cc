// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <chrono>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "tools/relink/json_writer.h"
#include "tools/relink/plan/plan_print.h"
#include "tools/relink/report/report_print.h"

namespace relink::tools {
namespace {

using Lines = JsonWriter::Lines;

void WriteAmount(absl::string_view key, const Amount& amount,
                 JsonWriter& json) {
  json.Key(key);
  json.BeginObject(Lines::kOne);
  json.Field("functions", amount.functions);
  json.Field("bytes", amount.bytes);
  json.Field("weight", absl::StrCat(amount.weight));
  json.EndObject();
}

void WriteRefusals(const ReportFacts& facts, JsonWriter& json) {
  json.Key("refusals");
  json.BeginArray();
  for (const RefusalGroup& group : facts.refusals) {
    json.BeginObject(Lines::kOne);
    json.Field("reason", group.reason);
    json.Field("functions", group.functions.size());
    json.Field("bytes", group.bytes);
    json.Field("weight", absl::StrCat(group.weight));
    json.EndObject();
  }
  json.EndArray();
}

void WriteModules(const Report& report, JsonWriter& json) {
  json.Key("modules");
  json.BeginArray();
  for (uint32_t i = 0; i < report.facts.modules.size(); ++i) {
    const Module& module = report.planned.graph.modules[ModuleId(i)];
    const ModuleFacts& facts = report.facts.modules[i];
    json.BeginObject(Lines::kOne);
    json.Field("name", module.name());
    json.Field("capability", Name(module.capability));
    json.Field("materialization", Name(module.materialization));
    json.Field("functions", facts.known.functions);
    json.Field("moved_functions", facts.moved.functions);
    json.Field("moved_bytes", facts.moved.bytes);
    json.Field("weight", absl::StrCat(facts.known.weight));
    json.Field("moved_weight", absl::StrCat(facts.moved.weight));
    if (!facts.refusal.empty()) json.Field("refusal", facts.refusal);
    json.EndObject();
  }
  json.EndArray();
}

void WriteTimes(const Report& report, JsonWriter& json) {
  json.Key("times");
  json.BeginArray();
  for (const PassTimes::Row& row : report.times) {
    json.BeginObject(Lines::kOne);
    json.Field("pass", row.pass);
    json.Field("runs", row.runs);
    json.Field(
        "nanoseconds",
        std::chrono::duration_cast<std::chrono::nanoseconds>(row.time).count());
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace

void PrintReportJson(const Report& report, std::ostream& out) {
  const PlannedLink& planned = report.planned;
  const ReportFacts& facts = report.facts;
  JsonWriter json(out);
  json.BeginObject();
  json.Field("file", planned.graph.modules[planned.graph.root_id].name());
  json.Field("title", report.title);
  json.Field("passes", report.passes);
  json.Field("weighted", facts.weighted);
  WriteMetricsJson("before", planned.metrics_before, json);
  WriteMetricsJson("after", planned.metrics_after, json);
  WriteAmount("all", facts.all, json);
  WriteAmount("moved", facts.moved, json);
  WriteAmount("refused", facts.refused, json);
  WriteAmount("left", facts.left, json);
  WriteRefusals(facts, json);
  WriteModules(report, json);
  WriteTimes(report, json);
  json.EndObject();
  out << '\n';
}

}  // namespace relink::tools
