// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/map/linux_syscall_backend.h"
#include "relink/map/system_backend.h"

namespace relink {

MappingBackend& SystemBackend() {
  static LinuxSyscallBackend& backend = *new LinuxSyscallBackend();
  return backend;
}

}  // namespace relink
