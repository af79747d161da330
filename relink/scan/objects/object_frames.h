// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_OBJECTS_OBJECT_FRAMES_H_
#define RELINK_SCAN_OBJECTS_OBJECT_FRAMES_H_

#include "absl/status/status.h"
#include "relink/scan/objects/linked_objects.h"
#include "relink/scan/objects/object_fixups.h"

namespace relink {

// Makes one unwind table, a section of kind kUnwind that ends as unwinders
// expect, of the .eh_frame of all objects: their records for code that is not
// left out.
//
// InvalidArgument: a record is malformed, or of no code.  Unimplemented: one of
// more than 4 GiB.
absl::Status AddObjectFrames(LinkedObjects& linked, ObjectFixups& fixups);

}  // namespace relink

#endif  // RELINK_SCAN_OBJECTS_OBJECT_FRAMES_H_
