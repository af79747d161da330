// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PLUGIN_EDITING_FUNCTIONS_H_
#define RELINK_PLUGIN_EDITING_FUNCTIONS_H_

#include "relink/plugin/relink_pass_plugin.h"

namespace relink {

// Sets the functions of `host` that change what is known and where things go:
// opening, order, weights, arenas, sections.
void SetEditingFunctions(relink_host& host);

}  // namespace relink

#endif  // RELINK_PLUGIN_EDITING_FUNCTIONS_H_
