// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_LINK_OBJECT_GROUP_H_
#define RELINK_LINK_OBJECT_GROUP_H_

#include <vector>

#include "absl/status/statusor.h"
#include "relink/ir/link_graph.h"
#include "relink/ir/module_source.h"
#include "relink/layout/layout.h"
#include "relink/link/scan_closure.h"

namespace relink {

// The graph of several files that are loaded as one. Its root is one module of
// the objects, and of what they need of the archives; the shared objects are
// what it needs, unless the process has them already, and come with what they
// need themselves. The root is called after the first object.
//
// Errors as LinkObjects and ScanClosure. Unimplemented: Relink is built with
// --//relink:objects=false.
absl::StatusOr<Closure> ScanObjects(std::vector<ModuleSource> sources,
                                    const ClosureOptions& options);

// Places modules made of objects whose code holds absolute addresses of 32 bits
// (the small code model without -fPIC) below 2 GiB, and with them all that
// moves, if there is room: a hint, so that a fixup says what does not fit.
void PlaceInReach(const LinkGraph& graph, Layout& layout);

}  // namespace relink

#endif  // RELINK_LINK_OBJECT_GROUP_H_
