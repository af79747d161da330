// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/plugin/plugin_pass.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "passes/module_unit.h"
#include "relink/ir/link_graph.h"
#include "relink/ir/verify_graph.h"
#include "relink/pass/analysis_manager.h"
#include "relink/pass/any_pass.h"
#include "relink/pass/capability_level.h"
#include "relink/pass/pass_context.h"
#include "relink/pass/pass_options.h"
#include "relink/pass/pipeline_text.h"
#include "relink/pass/preserved_analyses.h"
#include "relink/plugin/option_functions.h"
#include "relink/plugin/run_handle.h"
#include "relink/stage/placed_graph.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

using SharedPlugin = std::shared_ptr<const Plugin>;

CapabilityLevel NeededBy(const PluginPassEntry& entry) {
  const auto level = static_cast<Capability>(entry.pass.least_capability);
  return {static_cast<uint8_t>(level), Name(level)};
}

void SetUnit(LinkGraph& graph, AnalysisManager<LinkGraph>& analyses,
             relink_run& run) {
  run.graph = &graph;
  run.graph_to_read = &graph;
  run.graph_analyses = &analyses;
}
void SetUnit(ModuleUnit& unit, AnalysisManager<ModuleUnit>& /*analyses*/,
             relink_run& run) {
  SetUnit(unit.graph, unit.graph_analyses, run);
  run.module_id = unit.id;
}
void SetUnit(PlacedGraph& placed, AnalysisManager<PlacedGraph>& analyses,
             relink_run& run) {
  run.graph_to_read = &placed.graph();
  run.placed = &placed;
  run.placed_to_read = &placed;
  run.placed_analyses = &analyses;
}

// A pass of a plugin with its options.
template <typename Unit>
class PluginPass {
 public:
  PluginPass(SharedPlugin plugin, const PluginPassEntry& entry,
             std::shared_ptr<void> state)
      : plugin_(std::move(plugin)), entry_(&entry), state_(std::move(state)) {}

  absl::string_view name() const { return entry_->name; }
  CapabilityLevel least_capability() const { return NeededBy(*entry_); }

  absl::StatusOr<PreservedAnalyses> Run(Unit& unit,
                                        AnalysisManager<Unit>& analyses) const {
    relink_run run(plugin_, entry_->name, analyses.context());
    SetUnit(unit, analyses, run);
    run.least_capability = least_capability();
    const relink_code code =
        entry_->pass.run(plugin_->host, &run, entry_->pass.data, state_.get());
    RETURN_IF_ERROR(CallbackStatus(*plugin_, code, run.error));
    const absl::Status verified = VerifyGraph(*run.graph_to_read);
    if (!verified.ok()) {
      return Annotate(verified,
                      absl::StrCat("plugin ", plugin_->name, ": verifier"));
    }
    return run.preserved;
  }

 private:
  SharedPlugin plugin_;  // Destroyed last.
  const PluginPassEntry* entry_;
  std::shared_ptr<void> state_;
};

// The state that the plugin makes of options.
absl::StatusOr<std::shared_ptr<void>> MakeState(const SharedPlugin& plugin,
                                                const relink_pass& pass,
                                                const PassOptions& options) {
  if (pass.create == nullptr) return nullptr;
  relink_options handle(options);
  void* state = nullptr;
  const relink_code code =
      pass.create(plugin->host, &handle, pass.data, &state);
  if (code != RELINK_OK && IsPipelineError(handle.error)) return handle.error;
  RETURN_IF_ERROR(CallbackStatus(*plugin, code, handle.error));
  return std::shared_ptr<void>(state,
                               [plugin, destroy = pass.destroy](void* ended) {
                                 if (ended != nullptr && destroy != nullptr)
                                   destroy(ended);
                               });
}

template <typename Unit>
PassRow Row(const SharedPlugin& plugin, const PluginPassEntry& entry) {
  return {entry.name,
          entry.help,
          entry.options,
          &kUnitKey<Unit>,
          NeededBy(entry),
          [plugin,
           &entry](const PassOptions& options) -> absl::StatusOr<ErasedPass> {
            ASSIGN_OR_RETURN(std::shared_ptr<void> state,
                             MakeState(plugin, entry.pass, options));
            return ErasedPass(AnyPass<Unit>(
                PluginPass<Unit>(plugin, entry, std::move(state))));
          },
          plugin};
}

}  // namespace

PassRow PluginPassRow(const SharedPlugin& plugin,
                      const PluginPassEntry& entry) {
  switch (entry.pass.unit) {
    case RELINK_UNIT_MODULE:
      return Row<ModuleUnit>(plugin, entry);
    case RELINK_UNIT_PLACED:
      return Row<PlacedGraph>(plugin, entry);
    default:
      return Row<LinkGraph>(plugin, entry);
  }
}

}  // namespace relink
