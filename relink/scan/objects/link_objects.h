// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_OBJECTS_LINK_OBJECTS_H_
#define RELINK_SCAN_OBJECTS_LINK_OBJECTS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"
#include "relink/ir/module_source.h"

namespace relink {

// Adds one module made of relocatable objects (ET_REL), and of those members of
// archives that define what is missing, to a graph that has nothing opened yet:
// as if a static linker had made a shared object of them, with --emit-relocs,
// and OpenModule had opened it. Sections keep being what they were in the
// objects, so passes may order them; references among them are bound within
// the module, the others by name when it is loaded. It is to be placed in
// arenas.
//
// InvalidArgument: an object or archive is malformed, or a name is defined
// twice.  OutOfRange: truncated.  Unimplemented: what Relink does not link.
// NotFound: a hidden symbol, or a file of a thin archive.  Messages start with
// the object's name.
absl::StatusOr<ModuleId> LinkObjects(LinkGraph& graph,
                                     std::vector<ModuleSource> sources,
                                     absl::string_view name);

}  // namespace relink

#endif  // RELINK_SCAN_OBJECTS_LINK_OBJECTS_H_
