// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/module_unit.h"

namespace relink {

absl::StatusOr<CapabilityLevel> ModuleUnit::Provide(
    CapabilityLevel /*needed*/) const {
  const Capability capability = module().capability;
  return CapabilityLevel{static_cast<uint8_t>(capability), Name(capability)};
}

}  // namespace relink
