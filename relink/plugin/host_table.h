// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PLUGIN_HOST_TABLE_H_
#define RELINK_PLUGIN_HOST_TABLE_H_

#include "relink/plugin/relink_pass_plugin.h"

namespace relink {

// What Relink does for plugins; there for as long as the process.
const relink_host& HostTable();

}  // namespace relink

#endif  // RELINK_PLUGIN_HOST_TABLE_H_
