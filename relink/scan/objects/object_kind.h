// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_OBJECTS_OBJECT_KIND_H_
#define RELINK_SCAN_OBJECTS_OBJECT_KIND_H_

#include "relink/support/byte_view.h"

namespace relink {

// Whether the bytes that a file begins with are those of a relocatable object
// of any machine.
bool IsObjectFile(ByteView prefix);

// Whether it is for a static linker: such an object, or an archive.
bool IsForStaticLinking(ByteView prefix);

}  // namespace relink

#endif  // RELINK_SCAN_OBJECTS_OBJECT_KIND_H_
