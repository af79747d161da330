// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PLUGIN_PLUGIN_ANALYSIS_H_
#define RELINK_PLUGIN_PLUGIN_ANALYSIS_H_

#include <any>
#include <memory>

#include "absl/status/statusor.h"
#include "relink/ir/link_graph.h"
#include "relink/pass/analysis_manager.h"
#include "relink/pass/pass_registry.h"
#include "relink/plugin/plugin.h"
#include "relink/stage/placed_graph.h"

namespace relink {

// The result of `entry`, an analysis of `plugin`, which `analyses` keeps.
absl::StatusOr<const void*> PluginResult(
    const std::shared_ptr<const Plugin>& plugin,
    const PluginAnalysisEntry& entry, const LinkGraph& graph,
    AnalysisManager<LinkGraph>& analyses);
absl::StatusOr<const void*> PluginResult(
    const std::shared_ptr<const Plugin>& plugin,
    const PluginAnalysisEntry& entry, const PlacedGraph& placed,
    AnalysisManager<PlacedGraph>& analyses);

// The ResultText of an analysis; nothing if it has none.
std::any PluginResultText(const std::shared_ptr<const Plugin>& plugin,
                          const PluginAnalysisEntry& entry);

// What a registry says of an analysis, which keeps the plugin.
AnalysisRow PluginAnalysisRow(const std::shared_ptr<const Plugin>& plugin,
                              const PluginAnalysisEntry& entry);

}  // namespace relink

#endif  // RELINK_PLUGIN_PLUGIN_ANALYSIS_H_
