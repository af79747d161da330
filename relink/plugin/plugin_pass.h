// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PLUGIN_PLUGIN_PASS_H_
#define RELINK_PLUGIN_PLUGIN_PASS_H_

#include <memory>

#include "relink/pass/pass_registry.h"
#include "relink/plugin/plugin.h"

namespace relink {

// What a registry says of `entry`, a pass of `plugin`, which it keeps. After
// each run of the pass its graph is verified.
PassRow PluginPassRow(const std::shared_ptr<const Plugin>& plugin,
                      const PluginPassEntry& entry);

}  // namespace relink

#endif  // RELINK_PLUGIN_PLUGIN_PASS_H_
