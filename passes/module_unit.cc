// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/module_unit.h"

#include "relink/pass/preserved_analyses.h"
#include "relink/scan/open_module.h"

namespace relink {
namespace {

// How far a module must be opened before its capability is known as far as to
// `level`.
OpenDepth DepthFor(uint8_t level) {
  switch (static_cast<Capability>(level)) {
    case Capability::kOpaque:
      return OpenDepth::kClosed;
    case Capability::kSectioned:
      return OpenDepth::kSections;
    case Capability::kOverlayable:
    case Capability::kReorderable:
      break;
  }
  return OpenDepth::kFunctions;
}

}  // namespace

absl::StatusOr<CapabilityLevel> ModuleUnit::Provide(
    CapabilityLevel needed) const {
  const OpenDepth depth = DepthFor(needed.level);
  if (module().depth < depth) {
    graph_analyses.Invalidate(graph, PreservedAnalyses::None());
    const absl::Status opened = OpenModule(graph, id, depth);
    // What Relink does not open is less capable, and no failure.
    if (!opened.ok() && !absl::IsUnimplemented(opened)) return opened;
  }
  const Capability capability = module().capability;
  return CapabilityLevel{static_cast<uint8_t>(capability), Name(capability)};
}

}  // namespace relink
