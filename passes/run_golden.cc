// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/run_golden.h"

#include <any>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "passes/registry.h"
#include "relink/ir/graph_parser.h"
#include "relink/ir/graph_printer.h"
#include "relink/ir/link_graph.h"
#include "relink/ir/verify_graph.h"
#include "relink/pass/analysis_manager.h"
#include "relink/pass/pass_context.h"
#include "relink/pass/pass_manager.h"
#include "relink/pass/pass_registry.h"
#include "relink/pass/pipeline_parser.h"
#include "relink/pass/remark.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

constexpr absl::string_view kGraphHeader = "--- graph\n";

struct Test {
  absl::string_view before;  // Everything but the results.
  std::string passes;
  std::string analysis;
  bool remarks = false;
  absl::string_view graph;
};

Test Read(absl::string_view text) {
  Test test;
  const size_t header = text.find(kGraphHeader);
  const size_t graph = header == absl::string_view::npos
                           ? text.size()
                           : header + kGraphHeader.size();
  const size_t results = std::min(text.find("--- ", graph), text.size());
  test.before = text.substr(0, results);
  test.graph = text.substr(graph, results - graph);
  for (absl::string_view line : absl::StrSplit(text.substr(0, graph), '\n')) {
    if (absl::ConsumePrefix(&line, "PASSES:")) {
      test.passes = std::string(absl::StripAsciiWhitespace(line));
    } else if (absl::ConsumePrefix(&line, "ANALYSIS:")) {
      test.analysis = std::string(absl::StripAsciiWhitespace(line));
    } else if (line == "REMARKS") {
      test.remarks = true;
    }
  }
  return test;
}

absl::Status Verified(const LinkGraph& graph, absl::string_view when) {
  return Annotate(VerifyGraph(graph), when);
}

absl::StatusOr<std::string> AnalysisText(const PassRegistry& registry,
                                         absl::string_view name,
                                         const LinkGraph& graph,
                                         AnalysisManager<LinkGraph>& analyses) {
  const AnalysisRow* row = registry.FindAnalysis(name);
  if (row == nullptr) {
    return absl::NotFoundError(absl::StrCat("no analysis ", name));
  }
  const auto* text = std::any_cast<ResultText<LinkGraph>>(&row->text);
  if (text == nullptr) {
    return absl::NotFoundError(absl::StrCat(name, " says nothing as text"));
  }
  return (*text)(graph, analyses);
}

absl::StatusOr<std::string> Results(const Test& test) {
  PassRegistry registry;
  RegisterShippedPasses(registry);
  ASSIGN_OR_RETURN(LinkGraph graph, ParseGraph(test.graph));
  RETURN_IF_ERROR(Verified(graph, "before the passes"));
  CollectedRemarks remarks;
  PassContext context;
  context.set_remarks(&remarks);
  AnalysisManager<LinkGraph> analyses(context);
  PassManager<LinkGraph> passes;
  RETURN_IF_ERROR(ParsePipeline(test.passes, registry, passes));
  RETURN_IF_ERROR(passes.Run(graph, analyses).status());
  RETURN_IF_ERROR(Verified(graph, "after the passes"));

  std::string results;
  if (!test.passes.empty()) {
    absl::StrAppend(&results, "--- expected\n", PrintGraph(graph));
  }
  if (!test.analysis.empty()) {
    ASSIGN_OR_RETURN(const std::string text,
                     AnalysisText(registry, test.analysis, graph, analyses));
    absl::StrAppend(&results, "--- analysis\n", text);
  }
  if (test.remarks) {
    absl::StrAppend(&results, "--- remarks\n");
    for (const CollectedRemarks::Kept& kept : remarks.remarks()) {
      absl::StrAppend(&results,
                      Text(Remark{kept.pass, kept.kind, kept.module,
                                  kept.subject, kept.address, kept.message}),
                      "\n");
    }
  }
  return results;
}

}  // namespace

std::string RunGolden(absl::string_view text) {
  const Test test = Read(text);
  const absl::StatusOr<std::string> results = Results(test);
  return absl::StrCat(
      test.before,
      results.ok()
          ? *results
          : absl::StrCat("--- error\n", results.status().message(), "\n"));
}

}  // namespace relink
