// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/passes.h"

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "passes/registry.h"
#include "relink/link/pass_plugin.h"
#include "relink/pass/pass_option.h"
#include "relink/pass/pass_registry.h"
#include "relink/support/nearest_name.h"
#include "relink/support/status_macros.h"
#include "tools/relink/json_writer.h"

namespace relink::tools {
namespace {

constexpr Option kOptions[] = {
    {.name = "load-pass-plugin",
     .value = "FILE",
     .help = "take the passes of this plugin, too",
     .repeated = true},
    {.name = "json", .help = "print them as JSON"},
};

// What there is, or what of it was asked for.
struct Listing {
  const PassRegistry& registry;
  const std::vector<PassPlugin>& plugins;
  std::vector<const PassRow*> passes;
  std::vector<const AnalysisRow*> analyses;
};

absl::string_view UnitName(const PassRegistry& registry, const UnitKey* unit) {
  return registry.FindUnit(unit)->name;
}

absl::Status UnknownName(const PassRegistry& registry, absl::string_view name) {
  std::vector<std::string> names;
  for (const PassRow& row : registry.passes()) names.emplace_back(row.name);
  for (const AnalysisRow& row : registry.analyses()) {
    names.emplace_back(row.name);
  }
  return absl::NotFoundError(
      absl::StrCat("unknown pass ", name, Suggestion(name, names)));
}

absl::StatusOr<Listing> Select(const PassRegistry& registry,
                               const std::vector<PassPlugin>& plugins,
                               std::span<const absl::string_view> names) {
  Listing listing = {registry, plugins, {}, {}};
  for (const absl::string_view name : names) {
    const PassRow* pass = registry.FindPass(name);
    const AnalysisRow* analysis = registry.FindAnalysis(name);
    if (pass != nullptr) listing.passes.push_back(pass);
    if (analysis != nullptr) listing.analyses.push_back(analysis);
    if (pass == nullptr && analysis == nullptr) {
      return UnknownName(registry, name);
    }
  }
  if (!names.empty()) return listing;
  for (const PassRow& row : registry.passes()) listing.passes.push_back(&row);
  for (const AnalysisRow& row : registry.analyses()) {
    listing.analyses.push_back(&row);
  }
  return listing;
}

std::string DefaultText(const PassOption& option) {
  if (option.default_value.empty() || option.default_value == "[]") return "";
  return absl::StrCat(" (default: ", option.default_value, ")");
}

void PrintPass(const PassRow& pass, std::ostream& out) {
  out << absl::StreamFormat("  %-22s  %s\n", pass.name, pass.help);
  if (pass.least_capability.level > 0) {
    out << "      modules must be " << pass.least_capability.name
        << " at least\n";
  }
  for (const PassOption& option : pass.options) {
    out << absl::StreamFormat("      %-28s  %s%s\n", Usage(option), option.help,
                              DefaultText(option));
  }
}

void PrintText(const Listing& listing, std::ostream& out) {
  absl::string_view separator = "";
  for (const UnitRow& unit : listing.registry.units()) {
    bool first = true;
    for (const PassRow* pass : listing.passes) {
      if (pass->unit != unit.unit) continue;
      if (first) out << separator << "passes over " << unit.name << ":\n";
      first = false;
      separator = "\n";
      PrintPass(*pass, out);
    }
  }
  if (!listing.analyses.empty()) out << separator << "analyses:\n";
  for (const AnalysisRow* row : listing.analyses) {
    out << absl::StreamFormat("  %-22s  %s (of %s)\n", row->name, row->help,
                              UnitName(listing.registry, row->unit));
  }
}

void WriteOption(const PassOption& option, JsonWriter& json) {
  json.BeginObject(JsonWriter::Lines::kOne);
  json.Field("name", option.name);
  json.Field("type", Name(option.type));
  json.Field("usage", Usage(option));
  json.Field("default", option.default_value);
  json.Field("help", option.help);
  json.EndObject();
}

void WritePass(const PassRegistry& registry, const PassRow& pass,
               JsonWriter& json) {
  json.BeginObject();
  json.Field("name", pass.name);
  json.Field("help", pass.help);
  json.Field("unit", UnitName(registry, pass.unit));
  json.Key("least_capability");
  if (pass.least_capability.level > 0) {
    json.Value(pass.least_capability.name);
  } else {
    json.Null();
  }
  json.Key("options");
  json.BeginArray();
  for (const PassOption& option : pass.options) WriteOption(option, json);
  json.EndArray();
  json.EndObject();
}

void PrintJson(const Listing& listing, std::ostream& out) {
  JsonWriter json(out);
  json.BeginObject();
  json.Key("plugins");
  json.BeginArray();
  for (const PassPlugin& plugin : listing.plugins) {
    json.BeginObject(JsonWriter::Lines::kOne);
    json.Field("file", plugin.path);
    json.Field("name", plugin.name);
    json.Field("version", plugin.version);
    json.EndObject();
  }
  json.EndArray();
  json.Key("passes");
  json.BeginArray();
  for (const PassRow* pass : listing.passes) {
    WritePass(listing.registry, *pass, json);
  }
  json.EndArray();
  json.Key("analyses");
  json.BeginArray();
  for (const AnalysisRow* row : listing.analyses) {
    json.BeginObject(JsonWriter::Lines::kOne);
    json.Field("name", row->name);
    json.Field("help", row->help);
    json.Field("unit", UnitName(listing.registry, row->unit));
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
}

}  // namespace

const Syntax kPassesSyntax = {
    .description =
        "Lists the passes and analyses that a pipeline may name, or those "
        "that\n"
        "are named: what each does, its options, and the least that it needs\n"
        "to be known of modules.",
    .options = kOptions,
    .operands = {.usage = "[PASS]...", .max = Operands::kAny},
};

absl::StatusOr<int> RunPasses(const Arguments& arguments, Console& console) {
  PassRegistry registry;
  RegisterShippedPasses(registry);
  std::vector<PassPlugin> plugins;
  for (const absl::string_view path : arguments.Values("load-pass-plugin")) {
    ASSIGN_OR_RETURN(PassPlugin plugin, PassPlugin::Load(path, registry));
    plugins.push_back(std::move(plugin));
  }
  ASSIGN_OR_RETURN(const Listing listing,
                   Select(registry, plugins, arguments.operands()));
  if (arguments.Has("json")) {
    PrintJson(listing, console.out());
  } else {
    PrintText(listing, console.out());
  }
  return 0;
}

}  // namespace relink::tools
