// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_VERIFY_MEMORY_MAP_H_
#define RELINK_TOOLS_RELINK_VERIFY_MEMORY_MAP_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/support/address.h"

namespace relink::tools {

// What the kernel says this process has mapped (proc(5), /proc/pid/maps).
class MemoryMap {
 public:
  static absl::StatusOr<MemoryMap> Read();

  // "rwx" with dashes for what is not allowed; "none" if nothing is mapped.
  absl::string_view Protection(RuntimeAddr at) const;

 private:
  struct Entry {
    RuntimeRange range;
    std::string protection;
  };
  std::vector<Entry> entries_;  // Ascending.
};

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_VERIFY_MEMORY_MAP_H_
