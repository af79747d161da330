// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "relink/ir/link_graph.h"
#include "relink/ir/module_source.h"
#include "relink/ir/verify_graph.h"
#include "relink/scan/open_module.h"
#include "relink/scan/scan_module.h"

// A file whose code is decoded, with its symbols, unwind records, tables of
// switches and the relocations that its linker retained.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto module = relink::ScanModule(relink::ModuleSource::FromMemory(
      std::as_bytes(std::span(data, size)), "fuzz"));
  if (!module.ok()) return 0;
  module->dependencies.clear();
  relink::LinkGraph graph;
  graph.root_id = graph.modules.Add(*std::move(module));
  if (!relink::OpenModule(graph, graph.root_id, relink::OpenDepth::kFunctions)
           .ok()) {
    return 0;
  }
  if (!relink::VerifyGraph(graph).ok()) __builtin_trap();
  return 0;
}
