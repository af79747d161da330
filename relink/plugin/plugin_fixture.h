// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PLUGIN_PLUGIN_FIXTURE_H_
#define RELINK_PLUGIN_PLUGIN_FIXTURE_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "passes/module_unit.h"
#include "relink/ir/graph_parser.h"
#include "relink/ir/graph_printer.h"
#include "relink/ir/link_graph.h"
#include "relink/pass/analysis_manager.h"
#include "relink/pass/line_diff.h"
#include "relink/pass/pass_context.h"
#include "relink/pass/pass_manager.h"
#include "relink/pass/pass_registry.h"
#include "relink/pass/pipeline_parser.h"
#include "relink/pass/remark.h"
#include "relink/plugin/register_plugin.h"
#include "relink/plugin/relink_pass_plugin.hpp"
#include "relink/stage/placed_graph.h"

namespace relink {

// Two functions of which only g ever runs, and data.
inline constexpr absl::string_view kTwoFunctions = R"(
  module a.so depth=functions capability=Overlayable
  function f 0x1000+0x10
  function g 0x1010+0x10
  section .text size=0x20 split home=0x1000
  section f function size=0x10 align=0x10 parent=.text home=0x1000
    symbol f func global exported size=0x10
    +4 R_X86_64_PC32 [.data]-4
  section g function size=0x10 align=0x10 parent=.text weight=8 home=0x1010
    0: c3
  section .data data size=8 home=0x3000
    0: 01 02 03 04 05 06 07 08
  order: f g .data
)";

inline PassRegistry UnitsOnly() {
  PassRegistry registry;
  registry.AddUnit<LinkGraph>("graph");
  registry.AddParts<Modules>();
  registry.AddUnit<PlacedGraph>("placed");
  return registry;
}

// A plugin that registers the passes and analyses `T`.
template <typename... T>
relink_pass_plugin InProcessPlugin() {
  return {sizeof(relink_pass_plugin), RELINK_PASS_PLUGIN_API_VERSION,
          plugin::String("test"), plugin::String("1.0"), plugin::AddAll<T...>};
}

// A registry with it, and a run of passes over a graph.
template <typename... T>
struct PluginRun {
  PluginRun() {
    const relink_pass_plugin info = InProcessPlugin<T...>();
    const auto registered = RegisterPlugin(&info, nullptr, registry);
    EXPECT_TRUE(registered.ok()) << registered.status();
    context.set_remarks(&remarks);
  }

  // Runs `pipeline` over the graph.
  absl::Status Run(absl::string_view pipeline) {
    PassManager<LinkGraph> graph_passes;
    PassManager<PlacedGraph> placed_passes;
    absl::Status status =
        ParsePipeline(pipeline, registry, graph_passes, placed_passes);
    if (!status.ok()) return status;
    return graph_passes.Run(graph, analyses).status();
  }

  // The same, and what it changed of the graph's text, or the error.
  std::string Change(absl::string_view pipeline) {
    const std::string before = PrintGraph(graph);
    const absl::Status status = Run(pipeline);
    return status.ok() ? LineDiff(before, PrintGraph(graph))
                       : std::string(status.message());
  }

  PassRegistry registry = UnitsOnly();
  LinkGraph graph = *ParseGraph(kTwoFunctions);
  CollectedRemarks remarks;
  PassContext context;
  AnalysisManager<LinkGraph> analyses{context};
};

}  // namespace relink

#endif  // RELINK_PLUGIN_PLUGIN_FIXTURE_H_
