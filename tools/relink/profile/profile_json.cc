// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>

#include "absl/strings/escaping.h"
#include "tools/relink/json_writer.h"
#include "tools/relink/profile/profile_print.h"

namespace relink::tools {
namespace {

using Lines = JsonWriter::Lines;
using profiles::Count;
using profiles::ModuleKey;

void WriteCount(const Count& count, JsonWriter& json) {
  json.Field("samples", count.samples);
  json.Field("weight", count.weight);
}

void WriteSources(const profiles::Profile& profile, JsonWriter& json) {
  json.Key("sources");
  json.BeginArray();
  for (const auto& [source, count] : profile.sources()) {
    json.BeginObject(Lines::kOne);
    json.Field("format", source.format);
    json.Field("event", source.event);
    json.Field("period", source.period);
    json.Field("frequency", source.frequency);
    WriteCount(count, json);
    json.EndObject();
  }
  json.EndArray();
}

void WriteUnattributed(const profiles::Profile& profile, JsonWriter& json) {
  json.Key("not_attributed");
  json.BeginArray();
  for (int i = 0; i < profiles::kUnattributedKinds; ++i) {
    const auto kind = static_cast<profiles::Unattributed>(i);
    if (profile.unattributed(kind) == Count()) continue;
    json.BeginObject(Lines::kOne);
    json.Field("kind", Name(kind));
    WriteCount(profile.unattributed(kind), json);
    json.EndObject();
  }
  json.EndArray();
}

void WriteModules(const profiles::Profile& profile, JsonWriter& json) {
  json.Key("modules");
  json.BeginArray();
  for (const profiles::ModuleId id : ModulesByWeight(profile)) {
    const ModuleKey& key = profile.module(id);
    json.BeginObject(Lines::kOne);
    json.Field("path", key.path);
    json.Field("build_id", absl::BytesToHexString(key.build_id));
    json.Field("size", key.size);
    WriteCount(profile.TotalOf(id), json);
    json.EndObject();
  }
  json.EndArray();
}

void WriteFunctions(const ShownProfile& shown, JsonWriter& json) {
  const auto sorted = shown.functions.ByWeight();
  json.Key("functions");
  json.BeginArray();
  for (size_t i = 0; i < std::min(shown.top, sorted.size()); ++i) {
    const auto& function = shown.functions.functions()[sorted[i]];
    json.BeginObject(Lines::kOne);
    json.Field("name", function.name);
    json.Field("module", shown.profile.module(function.module).path);
    json.Key("address");
    function.range ? json.Value(function.range->begin.value()) : json.Null();
    WriteCount(function.count, json);
    json.EndObject();
  }
  json.EndArray();
}

void WriteEdges(const profiles::Profile& profile, JsonWriter& json) {
  json.Key("edges");
  json.BeginArray();
  for (int i = 0; i < profiles::kEdgeKinds; ++i) {
    const auto kind = static_cast<profiles::EdgeKind>(i);
    const auto edges = profile.EdgesOf(kind);
    Count total;
    for (const auto& edge : edges) total += edge.count;
    json.BeginObject(Lines::kOne);
    json.Field("kind", Name(kind));
    json.Field("different", edges.size());
    WriteCount(total, json);
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace

void PrintProfileJson(const ShownProfile& shown, std::ostream& out) {
  const profiles::Profile& profile = shown.profile;
  JsonWriter json(out);
  json.BeginObject();
  Count all = profile.Attributed();
  json.Key("attributed");
  json.BeginObject(Lines::kOne);
  WriteCount(all, json);
  json.EndObject();
  all += profile.NotAttributed();
  json.Key("all");
  json.BeginObject(Lines::kOne);
  WriteCount(all, json);
  json.EndObject();
  WriteSources(profile, json);
  WriteUnattributed(profile, json);
  WriteModules(profile, json);
  WriteFunctions(shown, json);
  WriteEdges(profile, json);
  json.EndObject();
}

}  // namespace relink::tools
