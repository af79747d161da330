// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/inspect_capability.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "relink/ir/function.h"
#include "relink/ir/module_source.h"
#include "relink/ir/section.h"
#include "relink/scan/open_module.h"
#include "relink/scan/scan_module.h"
#include "relink/support/address.h"
#include "relink/support/status_macros.h"
#include "tools/relink/shown_text.h"

namespace relink::tools {
namespace {

using Lines = JsonWriter::Lines;

double Percent(uint64_t part, uint64_t whole) {
  if (whole == 0) return 100;
  return 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

std::string AddressText(LinkAddr address) {
  return absl::StrCat("0x", absl::Hex(address.value()));
}

void WriteCount(absl::string_view key, FunctionCount count, JsonWriter& json) {
  json.Key(key);
  json.BeginObject(Lines::kOne);
  json.Field("functions", count.functions);
  json.Field("bytes", count.bytes);
  json.EndObject();
}

void WriteFunction(const Function& function, JsonWriter& json) {
  json.BeginObject(Lines::kOne);
  json.Field("name", function.name);
  json.Field("address", function.range.begin.value());
  json.Field("size", function.range.size);
  json.Field("movable", function.pinned.empty());
  if (!function.pinned.empty()) {
    json.Field("reason", function.pinned);
    json.Field("at", function.pinned_at.value());
  }
  json.EndObject();
}

void PrintFunction(const Function& function, std::ostream& out) {
  out << absl::StreamFormat(
      "    %-12s %8u  %s", AddressText(function.range.begin),
      function.range.size, function.name.empty() ? "?" : Shown(function.name));
  if (!function.pinned.empty()) {
    out << "  stays: " << function.pinned << " ("
        << AddressText(function.pinned_at) << ")";
  }
  out << '\n';
}

}  // namespace

absl::StatusOr<FileCode> FileCode::Open(ByteView bytes,
                                        absl::string_view path) {
  ASSIGN_OR_RETURN(Module module,
                   ScanModule(ModuleSource::FromMemory(bytes.bytes(), path)));
  FileCode code;
  code.graph_.root_id = code.graph_.modules.Add(std::move(module));
  RETURN_IF_ERROR(
      OpenModule(code.graph_, code.graph_.root_id, OpenDepth::kFunctions));
  code.Count();
  return code;
}

void FileCode::Count() {
  std::map<absl::string_view, FunctionCount> reasons;
  for (const Function& function : module().functions) {
    all_.Add(function.range.size);
    if (function.pinned.empty()) {
      movable_.Add(function.range.size);
    } else {
      reasons[function.pinned].Add(function.range.size);
    }
  }
  for (const auto& [reason, count] : reasons) {
    pinned_.push_back({reason, count});
  }
  std::stable_sort(pinned_.begin(), pinned_.end(),
                   [](const PinnedCount& a, const PinnedCount& b) {
                     return a.count.bytes > b.count.bytes;
                   });
  for (const Section& section : graph_.sections) {
    if (section.memory_class == MemoryClass::kCode) code_bytes_ += section.size;
  }
}

void PrintCode(const FileCode& code, bool list, std::ostream& out) {
  const FunctionCount all = code.all();
  const FunctionCount movable = code.movable();
  out << absl::StreamFormat(
      "  %-12s %s: %u of %u may move (%.2f%%), %u of %u bytes of code "
      "(%.2f%%)\n",
      "functions", Name(code.module().capability), movable.functions,
      all.functions, Percent(movable.functions, all.functions), movable.bytes,
      code.code_bytes(), Percent(movable.bytes, code.code_bytes()));
  for (const PinnedCount& pinned : code.pinned()) {
    out << absl::StreamFormat("  %-12s %u stay (%u bytes): %s\n", "",
                              pinned.count.functions, pinned.count.bytes,
                              pinned.reason);
  }
  if (!list) return;
  for (const Function& function : code.module().functions) {
    PrintFunction(function, out);
  }
}

void WriteCode(const FileCode& code, bool list, JsonWriter& json) {
  json.Key("code");
  json.BeginObject();
  json.Field("capability", Name(code.module().capability));
  json.Field("bytes", code.code_bytes());
  WriteCount("all", code.all(), json);
  WriteCount("movable", code.movable(), json);
  json.Field("jump_tables", code.module().jump_tables.size());
  json.Key("pinned");
  json.BeginArray();
  for (const PinnedCount& pinned : code.pinned()) {
    json.BeginObject(Lines::kOne);
    json.Field("reason", pinned.reason);
    json.Field("functions", pinned.count.functions);
    json.Field("bytes", pinned.count.bytes);
    json.EndObject();
  }
  json.EndArray();
  if (list) {
    json.Key("functions");
    json.BeginArray();
    for (const Function& function : code.module().functions) {
      WriteFunction(function, json);
    }
    json.EndArray();
  }
  json.EndObject();
}

}  // namespace relink::tools
