// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PLUGIN_RUN_HANDLE_H_
#define RELINK_PLUGIN_RUN_HANDLE_H_

#include <deque>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"
#include "relink/pass/analysis_manager.h"
#include "relink/pass/capability_level.h"
#include "relink/pass/pass_context.h"
#include "relink/pass/preserved_analyses.h"
#include "relink/plugin/plugin.h"
#include "relink/plugin/relink_pass_plugin.h"
#include "relink/stage/placed_graph.h"

// What a pass or an analysis of a plugin works on while it runs. The C header
// declares the name.
struct relink_run {  // NOLINT(readability-identifier-naming): a name of C.
  // `plugin`'s pass or analysis `pass` runs with `context`.
  relink_run(std::shared_ptr<const relink::Plugin> owner,
             absl::string_view pass_name, relink::PassContext& run_context)
      : plugin(std::move(owner)), pass(pass_name), context(run_context) {}

  const std::shared_ptr<const relink::Plugin> plugin;
  const absl::string_view pass;
  relink::PassContext& context;

  // Null where it may only be read.
  relink::LinkGraph* graph = nullptr;
  const relink::LinkGraph* graph_to_read = nullptr;
  relink::PlacedGraph* placed = nullptr;
  const relink::PlacedGraph* placed_to_read =
      nullptr;                 // Null before placement.
  relink::ModuleId module_id;  // Of a pass over one.

  // That of the unit: one of them is not null.
  relink::AnalysisManager<relink::LinkGraph>* graph_analyses = nullptr;
  relink::AnalysisManager<relink::PlacedGraph>* placed_analyses = nullptr;
  relink::CapabilityLevel least_capability = {};

  relink::PreservedAnalyses preserved = relink::PreservedAnalyses::None();
  absl::Status error;             // Of the last call that failed.
  std::deque<std::string> texts;  // Given to the plugin until it returns.
};

namespace relink {

// What a host function returns for `status`, whose error the run remembers.
relink_code Finish(relink_run* run, absl::Status status);

// What a callback of a plugin that returned `code` ended with: its message is
// that of `error`, if it has the code.
absl::Status CallbackStatus(const Plugin& plugin, relink_code code,
                            const absl::Status& error);

// FailedPrecondition: nothing may be changed.
absl::StatusOr<LinkGraph*> EditableGraph(relink_run* run);
// FailedPrecondition: nothing is placed.
absl::StatusOr<const PlacedGraph*> PlacedGraphOf(const relink_run* run);

// OutOfRange: there is no such thing.
absl::Status CheckModule(const LinkGraph& graph, relink_id id);
absl::Status CheckSection(const LinkGraph& graph, relink_id id);
absl::Status CheckSymbol(const LinkGraph& graph, relink_id id);
absl::Status CheckArena(const LinkGraph& graph, relink_id id);
// FailedPrecondition: the section is nowhere, because it is not live, or stays
// with segments that are not mapped.
absl::Status CheckIsPlaced(const PlacedGraph& placed, relink_id id);

}  // namespace relink

#endif  // RELINK_PLUGIN_RUN_HANDLE_H_
