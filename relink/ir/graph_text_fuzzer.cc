// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/ir/graph_parser.h"
#include "relink/ir/graph_printer.h"

// A text that parses is printed as one that stands for the same graph.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<relink::LinkGraph> graph = relink::ParseGraph(text);
  if (!graph.ok()) return 0;
  const std::string printed = relink::PrintGraph(*graph);
  const absl::StatusOr<relink::LinkGraph> again = relink::ParseGraph(printed);
  if (!again.ok() || relink::PrintGraph(*again) != printed) __builtin_trap();
  return 0;
}
