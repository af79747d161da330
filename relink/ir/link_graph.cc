// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/ir/link_graph.h"

namespace relink {

absl::string_view Name(ModuleKind kind) {
  switch (kind) {
    case ModuleKind::kSharedObject:
      return "shared object";
    case ModuleKind::kExecutable:
      return "executable";
  }
  return "";
}

absl::string_view Name(Capability capability) {
  switch (capability) {
    case Capability::kOpaque:
      return "Opaque";
    case Capability::kSectioned:
      return "Sectioned";
    case Capability::kOverlayable:
      return "Overlayable";
    case Capability::kReorderable:
      return "Reorderable";
  }
  return "";
}

absl::string_view Name(OpenDepth depth) {
  switch (depth) {
    case OpenDepth::kClosed:
      return "closed";
    case OpenDepth::kSections:
      return "sections";
    case OpenDepth::kSymbols:
      return "symbols";
    case OpenDepth::kFixups:
      return "fixups";
    case OpenDepth::kFunctions:
      return "functions";
  }
  return "";
}

absl::string_view Name(Materialization materialization) {
  switch (materialization) {
    case Materialization::kWhole:
      return "Whole";
    case Materialization::kOverlay:
      return "Overlay";
    case Materialization::kArenas:
      return "Arenas";
  }
  return "";
}

}  // namespace relink
