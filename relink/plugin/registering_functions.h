// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PLUGIN_REGISTERING_FUNCTIONS_H_
#define RELINK_PLUGIN_REGISTERING_FUNCTIONS_H_

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "relink/plugin/plugin.h"
#include "relink/plugin/relink_pass_plugin.h"

// What a plugin registers with. The C header declares the name.
struct relink_registry {  // NOLINT(readability-identifier-naming): a name of C.
  explicit relink_registry(relink::Plugin& into) : plugin(into) {}

  relink::Plugin& plugin;
  absl::Status error;  // The first.
};

namespace relink {

// Sets the functions of `host` that register passes and analyses: they put
// what they are given into the plugin, and check what only they can know.
void SetRegisteringFunctions(relink_host& host);

}  // namespace relink

#endif  // RELINK_PLUGIN_REGISTERING_FUNCTIONS_H_
