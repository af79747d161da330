// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/perf/memory_name.h"

#include "absl/strings/match.h"

namespace relink::profiles {

// Names that the kernel gives to memory without a file (perf's map.c has the
// same list).
std::optional<Unattributed> KindOfMemory(absl::string_view name) {
  if (absl::StartsWith(name, "[vdso") || name == "[vsyscall]") {
    return Unattributed::kVdso;
  }
  for (const absl::string_view anonymous :
       {"//anon", "[anon", "[heap]", "[stack", "/dev/zero", "/anon_hugepage",
        "/SYSV", "/memfd:", "[uprobes]", "anon_inode:"}) {
    if (absl::StartsWith(name, anonymous)) return Unattributed::kAnonymous;
  }
  if (name.empty() || name[0] == '[') return Unattributed::kUnknown;
  return std::nullopt;
}

}  // namespace relink::profiles
