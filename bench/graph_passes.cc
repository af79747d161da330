// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// usage: graph_passes [FUNCTIONS]...
// Makes a graph of so many functions (25,000, 50,000 and 100,000) with ten
// references each, and prints how many milliseconds each pass over it takes.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "passes/registry.h"
#include "relink/arch/target.h"
#include "relink/ir/graph_parser.h"
#include "relink/ir/graph_printer.h"
#include "relink/ir/link_graph.h"
#include "relink/ir/module_source.h"
#include "relink/ir/verify_graph.h"
#include "relink/pass/analysis_manager.h"
#include "relink/pass/pass_manager.h"
#include "relink/pass/pass_registry.h"
#include "relink/pass/pipeline_parser.h"

namespace relink::bench {
namespace {

constexpr uint32_t kReferences = 10;
constexpr uint32_t kFieldDistance = 8;

// Functions in one section that was split; most of what they call is called by
// few, some of it by many, as in a program.
LinkGraph MakeGraph(uint32_t functions) {
  std::mt19937 random(1);
  LinkGraph graph;
  Module module(ModuleSource::FromMemory({}, "made"), HostTarget());
  module.depth = OpenDepth::kFunctions;
  module.capability = Capability::kReorderable;
  graph.root_id = graph.modules.Add(std::move(module));
  const RelocationRule* call = HostTarget().FindRule("R_X86_64_PLT32");
  const RelocationRule* load = HostTarget().FindRule("R_X86_64_PC32");
  uint64_t home = 0x1000;
  for (uint32_t i = 0; i < functions; ++i) {
    Section section;
    section.module_id = graph.root_id;
    section.name = graph.KeepName(absl::StrCat("f", i));
    section.kind = SectionKind::kFunction;
    section.size = kReferences * kFieldDistance + 16 * (random() % 20);
    section.alignment = 16;
    section.home = {LinkAddr(home), section.size};
    section.weight = i % 10 == 0 ? random() % 1000 : 0;
    home += section.size;
    std::vector<std::byte>& bytes = section.contents.Mutable();
    for (uint64_t j = 0; j < section.size; ++j) {
      bytes.push_back(std::byte{static_cast<uint8_t>(i % 1000)});
    }
    for (uint32_t j = 0; j < kReferences; ++j) {
      const uint32_t range = j == 0 ? 100 : functions;
      Fixup fixup;
      fixup.offset = (j * kFieldDistance) & 0x3fffffff;
      fixup.rule = j < 7 ? call : load;
      fixup.target = SymbolId(static_cast<uint32_t>(random() % range));
      fixup.addend = -4;
      section.fixups.push_back(fixup);
    }
    section.symbol_id = SymbolId(i);
    const SectionId id = graph.sections.Add(std::move(section));
    Symbol symbol;
    symbol.module_id = graph.root_id;
    symbol.definition = InSection{id};
    graph.symbols.Add(symbol);
    graph.order.push_back(id);
  }
  return graph;
}

double Milliseconds(const std::function<void()>& work) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point begin = Clock::now();
  work();
  return std::chrono::duration<double, std::milli>(Clock::now() - begin)
      .count();
}

// Exits if the passes are no pipeline, or fail.
void RunPasses(absl::string_view text, LinkGraph& graph) {
  PassRegistry registry;
  RegisterShippedPasses(registry);
  PassManager<LinkGraph> passes;
  AnalysisManager<LinkGraph> analyses;
  absl::Status status = ParsePipeline(text, registry, passes);
  if (status.ok()) status = passes.Run(graph, analyses).status();
  if (status.ok()) return;
  std::cerr << status.message() << '\n';
  std::exit(1);
}

void Measure(const std::vector<uint32_t>& sizes) {
  static constexpr absl::string_view kPipelines[] = {
      "order<by=size>",
      "order<by=random>",
      "order<by=c3>",
      "order<by=cdsort>",
      "require<call-graph>",
      "require<references>",
      "require<function-classes>",
      "require<layout-metrics>",
      "icf",
      "gc-sections<keep=[f0]>",
      "place",
  };
  std::vector<LinkGraph> graphs;
  for (const uint32_t size : sizes) graphs.push_back(MakeGraph(size));
  std::cout << absl::StrFormat("%-28s", "functions");
  for (const uint32_t size : sizes) std::cout << absl::StrFormat("%10d", size);
  std::cout << '\n';
  const auto row = [&](absl::string_view name,
                       const std::function<void(LinkGraph&)>& work) {
    std::cout << absl::StrFormat("%-28s", name);
    for (LinkGraph& graph : graphs) {
      std::cout << absl::StrFormat("%7.1f ms",
                                   Milliseconds([&] { work(graph); }));
    }
    std::cout << std::endl;
  };
  row("verify", [](LinkGraph& graph) {
    if (!VerifyGraph(graph).ok()) std::abort();
  });
  std::vector<std::string> texts;
  row("print", [&](LinkGraph& graph) { texts.push_back(PrintGraph(graph)); });
  size_t next = 0;
  row("parse", [&](LinkGraph&) {
    if (!ParseGraph(texts[next++]).ok()) std::abort();
  });
  for (const absl::string_view text : kPipelines) {
    row(text, [&](LinkGraph& graph) { RunPasses(text, graph); });
  }
}

}  // namespace
}  // namespace relink::bench

int main(int argc, char** argv) {
  std::vector<uint32_t> sizes;
  for (int i = 1; i < argc; ++i) {
    sizes.push_back(static_cast<uint32_t>(std::strtoul(argv[i], nullptr, 10)));
  }
  if (sizes.empty()) sizes = {25000, 50000, 100000};
  relink::bench::Measure(sizes);
  return 0;
}
