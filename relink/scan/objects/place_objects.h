// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_OBJECTS_PLACE_OBJECTS_H_
#define RELINK_SCAN_OBJECTS_PLACE_OBJECTS_H_

#include "absl/status/status.h"
#include "relink/scan/objects/linked_objects.h"

namespace relink {

// Makes a section of the graph for each of an object that is loaded, and one
// for all those that only mean something in a row: thread-local storage, arrays
// of functions to call (by priority), and sections whose name is a C
// identifier (between __start_NAME and __stop_NAME). Strings that may be merged
// are, and common symbols get a section each. Fills in `places`, `symbol_ids`
// of what is defined, `frames` and the ids of what has one.
//
// InvalidArgument: a section is writable and executable.  Unimplemented: one
// that only makes sense in a file for ld.so (.init, .fini).
absl::Status PlaceObjects(LinkedObjects& linked);

}  // namespace relink

#endif  // RELINK_SCAN_OBJECTS_PLACE_OBJECTS_H_
