// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <optional>
#include <span>
#include <string>

#include "relink/elf/constants.h"
#include "tools/relink/elf_names.h"
#include "tools/relink/inspect_capability.h"
#include "tools/relink/inspect_print.h"

namespace relink::tools {
namespace {

using Lines = JsonWriter::Lines;

void OptionalField(JsonWriter& json, absl::string_view key,
                   std::optional<absl::string_view> text) {
  json.Key(key);
  if (text) {
    json.Value(*text);
  } else {
    json.Null();
  }
}

void WriteIdentity(const FileFacts& facts, JsonWriter& json) {
  json.Field("kind", facts.kind);
  json.Field("class",
             facts.platform.elf_class == elf::kElfClass64 ? "ELF64" : "ELF32");
  json.Field("byte_order",
             facts.platform.byte_order == elf::kElfData2Lsb ? "little" : "big");
  json.Field("type", FileTypeName(facts.type));
  json.Field("machine", MachineName(facts.platform.machine));
  json.Field("machine_number", facts.platform.machine);
  json.Field("os_abi", facts.os_abi);
  json.Field("flags", facts.flags);
  json.Field("entry", facts.entry);
  json.Field("dynamic", facts.dynamic);
  OptionalField(json, "build_id",
                facts.build_id.empty()
                    ? std::nullopt
                    : std::optional<absl::string_view>(facts.build_id));
  OptionalField(json, "soname", facts.soname);
  json.Key("needed");
  json.BeginArray(Lines::kOne);
  for (absl::string_view needed : facts.needed) json.Value(needed);
  json.EndArray();
  OptionalField(json, "rpath", facts.rpath);
  OptionalField(json, "runpath", facts.runpath);
  OptionalField(json, "interpreter", facts.interpreter);
}

void WriteSegments(const FileFacts& facts, JsonWriter& json) {
  json.Key("segments");
  json.BeginArray();
  for (const SegmentFacts& segment : facts.segments) {
    json.BeginObject(Lines::kOne);
    json.Field("type", SegmentTypeName(segment.type));
    json.Field("offset", segment.offset);
    json.Field("vaddr", segment.vaddr);
    json.Field("filesz", segment.filesz);
    json.Field("memsz", segment.memsz);
    json.Field("flags", SegmentFlags(segment.flags));
    json.Field("align", segment.align);
    json.EndObject();
  }
  json.EndArray();
}

void WriteSections(const FileFacts& facts, JsonWriter& json) {
  json.Key("sections");
  json.BeginArray();
  for (const SectionFacts& section : facts.sections) {
    json.BeginObject(Lines::kOne);
    json.Field("name", section.name);
    json.Field("type", SectionTypeName(section.type));
    json.Field("addr", section.addr);
    json.Field("offset", section.offset);
    json.Field("size", section.size);
    json.Field("flags", SectionFlags(section.flags));
    json.Field("align", section.align);
    json.EndObject();
  }
  json.EndArray();
}

void WriteNamedCounts(absl::string_view key, std::span<const uint64_t> counts,
                      std::string (*name)(uint8_t), JsonWriter& json) {
  json.Key(key);
  json.BeginObject();
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] != 0) json.Field(name(static_cast<uint8_t>(i)), counts[i]);
  }
  json.EndObject();
}

void WriteSymbolCounts(absl::string_view key, const SymbolCounts& counts,
                       JsonWriter& json) {
  json.Key(key);
  json.BeginObject(Lines::kOne);
  json.Field("total", counts.total);
  json.Field("defined", counts.defined);
  json.Field("undefined", counts.undefined);
  WriteNamedCounts("by_type", counts.by_type, SymbolTypeName, json);
  WriteNamedCounts("by_bind", counts.by_bind, SymbolBindName, json);
  json.EndObject();
}

void WriteRelocationCounts(const FileFacts& facts, JsonWriter& json) {
  const RelocationCounts& counts = facts.relocations;
  const auto role = [&](absl::string_view key, RelocationRole which) {
    json.Field(key, counts.CountRole(facts.platform, which));
  };
  json.Key("relocation_counts");
  json.BeginObject();
  json.Field("total", counts.Total());
  role("relative", RelocationRole::kRelative);
  role("tls", RelocationRole::kTls);
  role("ifunc", RelocationRole::kIfunc);
  role("copy", RelocationRole::kCopy);
  json.Key("tables");
  json.BeginObject();
  for (size_t i = 0; i < kRelocationTables; ++i) {
    const RelocationCounts::Table& table = counts.tables[i];
    json.Key(RelocationTableName(static_cast<RelocationTable>(i)));
    json.BeginObject(Lines::kOne);
    json.Field("total", table.total);
    json.Key("by_kind");
    json.BeginObject();
    for (const auto& [type, times] : table.by_type) {
      json.Field(RelocationName(facts.platform, type), times);
    }
    json.EndObject();
    json.EndObject();
  }
  json.EndObject();
  json.EndObject();
}

absl::string_view StackName(ProtectionFacts::Stack stack) {
  switch (stack) {
    case ProtectionFacts::Stack::kNotExecutable:
      return "not executable";
    case ProtectionFacts::Stack::kExecutable:
      return "executable";
    case ProtectionFacts::Stack::kUnstated:
      return "unstated";
  }
  return "";
}

void WriteLoading(const FileFacts& facts, JsonWriter& json) {
  const ProtectionFacts& protection = facts.protection;
  json.Key("protection");
  json.BeginObject();
  json.Field("relro_bytes", protection.relro_bytes);
  json.Field("writable_bytes", protection.writable_bytes);
  json.Field("bind_now", protection.bind_now);
  json.Field("stack", StackName(protection.stack));
  json.Field("rwx_segments", protection.rwx_segments);
  json.Field("text_relocations", protection.text_relocations);
  json.EndObject();
  json.Key("tls");
  if (facts.tls.present || facts.tls.static_only) {
    json.BeginObject(Lines::kOne);
    json.Field("filesz", facts.tls.filesz);
    json.Field("memsz", facts.tls.memsz);
    json.Field("align", facts.tls.align);
    json.Field("static", facts.tls.static_only);
    json.EndObject();
  } else {
    json.Null();
  }
  json.Key("capability");
  json.BeginObject(Lines::kOne);
  json.Field("level", facts.capability.level);
  json.Field("reason", facts.capability.reason);
  json.EndObject();
}

void WriteSymbols(ByteView bytes, JsonWriter& json) {
  json.Key("symbols");
  json.BeginArray();
  (void)ListSymbols(bytes, [&](const SymbolFacts& symbol) {
    json.BeginObject(Lines::kOne);
    json.Field("table", symbol.table == SymbolTableKind::kDynamic ? "dynamic"
                                                                  : "symtab");
    json.Field("index", symbol.index);
    json.Field("name", symbol.name);
    if (!symbol.version.empty()) {
      json.Field("version", symbol.version);
      json.Field("default_version", symbol.default_version);
    }
    if (!symbol.version_file.empty()) json.Field("from", symbol.version_file);
    json.Field("value", symbol.value);
    json.Field("size", symbol.size);
    json.Field("type", SymbolTypeName(symbol.type));
    json.Field("bind", SymbolBindName(symbol.bind));
    json.Field("visibility", SymbolVisibilityName(symbol.visibility));
    json.Field("section", symbol.section);
    json.Field("defined", symbol.defined);
    json.EndObject();
  });
  json.EndArray();
}

void WriteRelocations(const Inspection& inspection, JsonWriter& json) {
  const Platform& platform = inspection.facts.platform;
  json.Key("relocations");
  json.BeginArray();
  (void)ListRelocations(inspection.bytes, [&](const RelocationFacts& entry) {
    json.BeginObject(Lines::kOne);
    json.Field("table", RelocationTableName(entry.table));
    if (!entry.section.empty()) json.Field("section", entry.section);
    json.Field("offset", entry.offset);
    if (entry.table != RelocationTable::kRelr) {
      json.Field("kind", RelocationName(platform, entry.type));
      json.Field("symbol", entry.symbol);
    }
    if (entry.has_addend) json.Field("addend", entry.addend);
    json.EndObject();
  });
  json.EndArray();
}

void WriteProblems(const FileFacts& facts, JsonWriter& json) {
  json.Key("warnings");
  json.BeginArray();
  for (const std::string& warning : facts.warnings) json.Value(warning);
  json.EndArray();
  json.Key("errors");
  json.BeginArray();
  for (const absl::Status& error : facts.errors) json.Value(error.message());
  json.EndArray();
}

}  // namespace

void PrintJson(const Inspection& inspection, JsonWriter& json) {
  const FileFacts& facts = inspection.facts;
  json.BeginObject();
  json.Field("file", inspection.path);
  WriteIdentity(facts, json);
  WriteSegments(facts, json);
  WriteSections(facts, json);
  json.Key("symbol_counts");
  json.BeginObject();
  WriteSymbolCounts("dynamic", facts.dynamic_symbols, json);
  WriteSymbolCounts("symtab", facts.full_symbols, json);
  json.EndObject();
  WriteRelocationCounts(facts, json);
  WriteLoading(facts, json);
  if (inspection.code != nullptr) {
    WriteCode(*inspection.code, inspection.tables.functions, json);
  }
  if (inspection.tables.symbols) WriteSymbols(inspection.bytes, json);
  if (inspection.tables.relocations) WriteRelocations(inspection, json);
  WriteProblems(facts, json);
  json.EndObject();
}

void PrintJsonError(absl::string_view path, const absl::Status& status,
                    JsonWriter& json) {
  json.BeginObject();
  json.Field("file", path);
  json.Key("errors");
  json.BeginArray();
  json.Value(status.message());
  json.EndArray();
  json.EndObject();
}

}  // namespace relink::tools
