// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/plugin/plugin_analysis.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "relink/pass/any_pass.h"
#include "relink/pass/pass_context.h"
#include "relink/pass/preserved_analyses.h"
#include "relink/plugin/run_handle.h"
#include "relink/plugin/sized_struct.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

using SharedPlugin = std::shared_ptr<const Plugin>;

void SetUnit(const LinkGraph& graph, AnalysisManager<LinkGraph>& analyses,
             relink_run& run) {
  run.graph_to_read = &graph;
  run.graph_analyses = &analyses;
}
void SetUnit(const PlacedGraph& placed, AnalysisManager<PlacedGraph>& analyses,
             relink_run& run) {
  run.graph_to_read = &placed.graph();
  run.placed_to_read = &placed;
  run.placed_analyses = &analyses;
}

template <typename Unit>
absl::StatusOr<std::shared_ptr<const void>> Compute(
    const SharedPlugin& plugin, const PluginAnalysisEntry& entry,
    const Unit& unit, AnalysisManager<Unit>& analyses) {
  relink_run run(plugin, entry.key.name, analyses.context());
  SetUnit(unit, analyses, run);
  void* result = nullptr;
  const relink_analysis& analysis = entry.analysis;
  const relink_code code =
      analysis.run(plugin->host, &run, analysis.data, &result);
  RETURN_IF_ERROR(CallbackStatus(*plugin, code, run.error));
  if (result == nullptr) {
    return absl::InternalError(
        absl::StrCat("plugin ", plugin->name, ": gave no result"));
  }
  return std::shared_ptr<const void>(
      result, [plugin, destroy = analysis.destroy](const void* ended) {
        destroy(const_cast<void*>(ended));
      });
}

template <typename Unit>
absl::StatusOr<const void*> Get(const SharedPlugin& plugin,
                                const PluginAnalysisEntry& entry,
                                const Unit& unit,
                                AnalysisManager<Unit>& analyses) {
  return analyses.Get(entry.key, unit,
                      [&] { return Compute(plugin, entry, unit, analyses); });
}

template <typename Unit>
std::any TextOf(const SharedPlugin& plugin, const PluginAnalysisEntry& entry) {
  return ResultText<Unit>([plugin, &entry](const Unit& unit,
                                           AnalysisManager<Unit>& analyses)
                              -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(const void* result, Get(plugin, entry, unit, analyses));
    std::string text;
    entry.analysis.print(
        result,
        [](void* to, relink_string part) {
          absl::StrAppend(static_cast<std::string*>(to), View(part));
        },
        &text);
    return text;
  });
}

// A pass that does nothing but ask for the analysis.
template <typename Unit>
struct RequirePluginAnalysis {
  static constexpr absl::string_view kName = "require";
  SharedPlugin plugin;
  const PluginAnalysisEntry* entry;

  absl::StatusOr<PreservedAnalyses> Run(Unit& unit,
                                        AnalysisManager<Unit>& analyses) const {
    RETURN_IF_ERROR(
        Get(plugin, *entry, std::as_const(unit), analyses).status());
    return PreservedAnalyses::All();
  }
};

template <typename Unit>
AnalysisRow Row(const SharedPlugin& plugin, const PluginAnalysisEntry& entry) {
  return {entry.key.name,
          entry.help,
          &kUnitKey<Unit>,
          &entry.key,
          [plugin, &entry] {
            return ErasedPass(
                AnyPass<Unit>(RequirePluginAnalysis<Unit>{plugin, &entry}));
          },
          PluginResultText(plugin, entry),
          plugin};
}

}  // namespace

absl::StatusOr<const void*> PluginResult(const SharedPlugin& plugin,
                                         const PluginAnalysisEntry& entry,
                                         const LinkGraph& graph,
                                         AnalysisManager<LinkGraph>& analyses) {
  return Get(plugin, entry, graph, analyses);
}

absl::StatusOr<const void*> PluginResult(
    const SharedPlugin& plugin, const PluginAnalysisEntry& entry,
    const PlacedGraph& placed, AnalysisManager<PlacedGraph>& analyses) {
  return Get(plugin, entry, placed, analyses);
}

std::any PluginResultText(const SharedPlugin& plugin,
                          const PluginAnalysisEntry& entry) {
  if (entry.analysis.print == nullptr) return {};
  return entry.analysis.unit == RELINK_UNIT_PLACED
             ? TextOf<PlacedGraph>(plugin, entry)
             : TextOf<LinkGraph>(plugin, entry);
}

AnalysisRow PluginAnalysisRow(const SharedPlugin& plugin,
                              const PluginAnalysisEntry& entry) {
  return entry.analysis.unit == RELINK_UNIT_PLACED
             ? Row<PlacedGraph>(plugin, entry)
             : Row<LinkGraph>(plugin, entry);
}

}  // namespace relink
