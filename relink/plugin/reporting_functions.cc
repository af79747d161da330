// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/plugin/reporting_functions.h"

#include <any>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"
#include "relink/pass/analysis_manager.h"
#include "relink/pass/pass_registry.h"
#include "relink/pass/preserved_analyses.h"
#include "relink/pass/remark.h"
#include "relink/plugin/plugin.h"
#include "relink/plugin/plugin_analysis.h"
#include "relink/plugin/run_handle.h"
#include "relink/plugin/sized_struct.h"
#include "relink/stage/placed_graph.h"
#include "relink/support/nearest_name.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

static_assert(static_cast<int>(RemarkKind::kNote) == RELINK_NOTE);

absl::Status UnknownAnalysis(const Plugin& plugin, absl::string_view name) {
  std::vector<std::string> names;
  for (const PluginAnalysisEntry& entry : plugin.analyses) {
    names.emplace_back(entry.key.name);
  }
  for (const AnalysisRow& row : plugin.others) names.emplace_back(row.name);
  return absl::NotFoundError(
      absl::StrCat("no analysis ", name, Suggestion(name, names)));
}

const AnalysisRow* FindOther(const Plugin& plugin, absl::string_view name) {
  for (const AnalysisRow& row : plugin.others) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

absl::Status WrongUnit(absl::string_view name) {
  return absl::FailedPreconditionError(
      absl::StrCat("analysis ", name, " is of another unit"));
}

absl::StatusOr<const void*> FindResult(relink_run* run,
                                       absl::string_view name) {
  const PluginAnalysisEntry* entry = run->plugin->FindAnalysis(name);
  if (entry == nullptr) return UnknownAnalysis(*run->plugin, name);
  const bool placed = entry->analysis.unit == RELINK_UNIT_PLACED;
  if (placed && run->placed_analyses != nullptr) {
    return PluginResult(run->plugin, *entry, *run->placed_to_read,
                        *run->placed_analyses);
  }
  if (!placed && run->graph_analyses != nullptr) {
    return PluginResult(run->plugin, *entry, *run->graph_to_read,
                        *run->graph_analyses);
  }
  return WrongUnit(name);
}

// What `text`, a ResultText of some unit, says.
absl::StatusOr<std::string> TextOf(relink_run* run, absl::string_view name,
                                   const std::any& text) {
  if (!text.has_value()) {
    return absl::UnimplementedError(
        absl::StrCat("analysis ", name, " has no text"));
  }
  const auto* of_graph = std::any_cast<ResultText<LinkGraph>>(&text);
  if (of_graph != nullptr && run->graph_analyses != nullptr) {
    return (*of_graph)(*run->graph_to_read, *run->graph_analyses);
  }
  const auto* of_placed = std::any_cast<ResultText<PlacedGraph>>(&text);
  if (of_placed != nullptr && run->placed_analyses != nullptr) {
    return (*of_placed)(*run->placed_to_read, *run->placed_analyses);
  }
  return WrongUnit(name);
}

absl::Status AnalysisText(relink_run* run, absl::string_view name,
                          relink_string* text) {
  absl::StatusOr<std::string> found = absl::UnknownError("");
  if (const auto* own = run->plugin->FindAnalysis(name)) {
    found = TextOf(run, name, PluginResultText(run->plugin, *own));
  } else if (const AnalysisRow* other = FindOther(*run->plugin, name)) {
    found = TextOf(run, name, other->text);
  } else {
    return UnknownAnalysis(*run->plugin, name);
  }
  if (!found.ok()) return found.status();
  *text = PluginString(run->texts.emplace_back(*std::move(found)));
  return absl::OkStatus();
}

absl::Status Preserve(relink_run* run, absl::string_view name) {
  if (const auto* own = run->plugin->FindAnalysis(name)) {
    run->preserved.Preserve(own->key);
  } else if (const AnalysisRow* other = FindOther(*run->plugin, name)) {
    run->preserved.Preserve(*other->key);
  } else {
    return UnknownAnalysis(*run->plugin, name);
  }
  return absl::OkStatus();
}

absl::Status AddRemark(relink_run* run, const relink_remark* given) {
  ASSIGN_OR_RETURN(const relink_remark remark,
                   ReadSized(given, RELINK_SIZE_THROUGH(relink_remark, message),
                             "relink_remark"));
  if (remark.kind > RELINK_NOTE) {
    return absl::InvalidArgumentError(
        absl::StrCat("no kind of remark has the number ", remark.kind));
  }
  run->context.remarks().Add({.pass = run->pass,
                              .kind = static_cast<RemarkKind>(remark.kind),
                              .module = View(remark.module),
                              .subject = View(remark.subject),
                              .address = View(remark.address),
                              .message = View(remark.message)});
  return absl::OkStatus();
}

}  // namespace

void SetReportingFunctions(relink_host& host) {
  host.fail = [](relink_run* run, relink_code code, relink_string message) {
    if (code == RELINK_OK) return code;
    Finish(run,
           absl::Status(static_cast<absl::StatusCode>(code), View(message)));
    return code;
  };
  host.error = [](const relink_run* run) {
    return PluginString(run->error.message());
  };
  host.remarks_wanted = [](const relink_run* run) {
    return run->context.remarks().wanted() ? 1u : 0u;
  };
  host.remark = [](relink_run* run, const relink_remark* remark) {
    return Finish(run, AddRemark(run, remark));
  };
  host.count = [](relink_run* run, relink_string name, uint64_t value) {
    run->context.counters().Add(run->pass, View(name), value);
    return relink_code{RELINK_OK};
  };
  host.analysis = [](relink_run* run, relink_string name, const void** result) {
    const absl::StatusOr<const void*> found = FindResult(run, View(name));
    if (found.ok()) *result = *found;
    return Finish(run, found.status());
  };
  host.analysis_text = [](relink_run* run, relink_string name,
                          relink_string* text) {
    return Finish(run, AnalysisText(run, View(name), text));
  };
  host.preserve = [](relink_run* run, relink_string name) {
    return Finish(run, Preserve(run, View(name)));
  };
  host.preserve_all = [](relink_run* run) {
    run->preserved = PreservedAnalyses::All();
    return relink_code{RELINK_OK};
  };
}

}  // namespace relink
