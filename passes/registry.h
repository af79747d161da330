// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_REGISTRY_H_
#define RELINK_PASSES_REGISTRY_H_

#include "relink/pass/pass_registry.h"

namespace relink {

// The units that passes run over, "graph" (LinkGraph), "module" (ModuleUnit)
// and "placed" (PlacedGraph), and every pass and analysis that comes with
// Relink.
void RegisterShippedPasses(PassRegistry& registry);

}  // namespace relink

#endif  // RELINK_PASSES_REGISTRY_H_
