// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_MAP_SYSTEM_BACKEND_H_
#define RELINK_MAP_SYSTEM_BACKEND_H_

#include "relink/map/mapping_backend.h"

namespace relink {

// What asks this process's kernel for memory if an embedder names no backend of
// its own: through libc, or by system calls of its own if Relink is built with
// --//relink:syscall_backend. One per process, never destroyed: what is loaded
// may outlive static destruction. Thread-safe.
MappingBackend& SystemBackend();

}  // namespace relink

#endif  // RELINK_MAP_SYSTEM_BACKEND_H_
