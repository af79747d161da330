// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/map/posix_backend.h"
#include "relink/map/system_backend.h"

namespace relink {

MappingBackend& SystemBackend() {
  static PosixBackend& backend = *new PosixBackend();
  return backend;
}

}  // namespace relink
