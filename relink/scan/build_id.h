// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_BUILD_ID_H_
#define RELINK_SCAN_BUILD_ID_H_

#include <string>

#include "relink/ir/link_graph.h"

namespace relink {

// The bytes of the module's GNU build-id; empty if it has none that can be
// read. Reads its notes, so its file must be open still.
std::string ReadBuildId(Module& module);

}  // namespace relink

#endif  // RELINK_SCAN_BUILD_ID_H_
