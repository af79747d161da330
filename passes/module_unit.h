// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_MODULE_UNIT_H_
#define RELINK_PASSES_MODULE_UNIT_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"
#include "relink/pass/analysis_manager.h"
#include "relink/pass/capability_level.h"

namespace relink {

// One module of a graph, for passes that do the same to each.
struct ModuleUnit {
  LinkGraph& graph;
  ModuleId id;
  AnalysisManager<LinkGraph>& graph_analyses;  // Of `graph`.

  Module& module() const { return graph.modules[id]; }
  absl::string_view name() const { return module().name(); }

  // Opens the module as far as `needed`, a Capability, asks for. An error of
  // OpenModule, unless it is that Relink does not do it.
  absl::StatusOr<CapabilityLevel> Provide(CapabilityLevel needed) const;
};

// The modules of a graph as ForEach takes them: in the order of their ids.
struct Modules {
  static constexpr absl::string_view kName = "module";
  using Whole = LinkGraph;
  using Part = ModuleUnit;

  template <typename Run>
  static absl::Status ForEachPart(LinkGraph& graph,
                                  AnalysisManager<LinkGraph>& analyses,
                                  Run run) {
    for (uint32_t i = 0; i < graph.modules.size(); ++i) {
      ModuleUnit unit = {graph, ModuleId(i), analyses};
      if (absl::Status status = run(unit); !status.ok()) return status;
    }
    return absl::OkStatus();
  }
};

}  // namespace relink

#endif  // RELINK_PASSES_MODULE_UNIT_H_
