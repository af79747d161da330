// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PLUGIN_REGISTER_PLUGIN_H_
#define RELINK_PLUGIN_REGISTER_PLUGIN_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "relink/pass/pass_registry.h"
#include "relink/plugin/relink_pass_plugin.h"

namespace relink {

struct PluginInfo {
  std::string name;
  std::string version;
};

// Adds what a plugin registers to `registry`, which has the units graph, module
// and placed: all of it, or nothing. Everything that comes of it, passes and
// results of analyses, keeps `library`, where the plugin's code is.
//
// FailedPrecondition: it was made for an API version that this Relink does not
// have.  InvalidArgument: what it says of itself or registers makes no sense.
// AlreadyExists: a name is taken.  Others are the plugin's own.
absl::StatusOr<PluginInfo> RegisterPlugin(const relink_pass_plugin* info,
                                          std::shared_ptr<const void> library,
                                          PassRegistry& registry);

}  // namespace relink

#endif  // RELINK_PLUGIN_REGISTER_PLUGIN_H_
