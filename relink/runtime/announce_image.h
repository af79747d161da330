// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUNTIME_ANNOUNCE_IMAGE_H_
#define RELINK_RUNTIME_ANNOUNCE_IMAGE_H_

#include <vector>

#include "relink/runtime/debugger_interface.h"
#include "relink/runtime/module_registry.h"
#include "relink/stage/placed_graph.h"

namespace relink {

// Tells tools that look at this process from outside of an image: a debugger,
// if one is to know, for as long as what is returned; profilers, if
// RELINK_PERF_MAP says so. Built with --//relink:diagnostics=false nobody.
std::vector<DebuggerRegistration> AnnounceImage(const LinkedImage& image,
                                                const LoadedGroup& group,
                                                TellDebugger debugger);

}  // namespace relink

#endif  // RELINK_RUNTIME_ANNOUNCE_IMAGE_H_
