// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/verify/memory_map.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <fstream>

#include "absl/status/status.h"

namespace relink::tools {

absl::StatusOr<MemoryMap> MemoryMap::Read() {
  std::ifstream file("/proc/self/maps");
  if (!file) {
    return absl::ResourceExhaustedError("/proc/self/maps: cannot open");
  }
  MemoryMap map;
  std::string line;
  while (std::getline(file, line)) {
    uint64_t begin = 0;
    uint64_t end = 0;
    char protection[5] = {};
    if (std::sscanf(line.c_str(), "%" SCNx64 "-%" SCNx64 " %4s", &begin, &end,
                    protection) != 3) {
      return absl::InternalError("/proc/self/maps: unknown format");
    }
    map.entries_.push_back(
        {{RuntimeAddr(begin), end - begin}, std::string(protection, 3)});
  }
  return map;
}

absl::string_view MemoryMap::Protection(RuntimeAddr at) const {
  auto entry = std::ranges::upper_bound(
      entries_, at, {}, [](const Entry& e) { return e.range.begin; });
  if (entry == entries_.begin()) return "none";
  --entry;
  return entry->range.Contains(at) ? absl::string_view(entry->protection)
                                   : absl::string_view("none");
}

}  // namespace relink::tools
