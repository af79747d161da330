// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdint>
#include <iostream>
#include <span>
#include <utility>
#include <vector>

#include "relink/ir/verify_graph.h"
#include "relink/scan/objects/link_objects.h"

// A relocatable object, or an archive of them, as a module of a graph that must
// be right.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace relink;  // NOLINT: the fuzz target is of that namespace
  std::vector<ModuleSource> sources;
  sources.push_back(
      ModuleSource::FromMemory(std::as_bytes(std::span(data, size)), "fuzz"));
  LinkGraph graph;
  const auto id = LinkObjects(graph, std::move(sources), "fuzz");
  if (!id.ok()) return 0;
  graph.root_id = *id;
  const absl::Status right = VerifyGraph(graph);
  if (!right.ok()) {
    std::cerr << right << '\n';
    __builtin_trap();
  }
  return 0;
}
