// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_VERIFY_IMAGE_COMPARISON_H_
#define RELINK_TOOLS_RELINK_VERIFY_IMAGE_COMPARISON_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "relink/reloc/tls_provider.h"
#include "relink/runtime/live_image.h"

namespace relink::tools {

// The copy of a module that ld.so loaded.
struct HostCopy {
  uint64_t bias = 0;
  uint64_t tls_module = 0;
  // The process itself uses it: its writable data has changed since it was
  // relocated, and lookups find it before any other copy.
  bool in_use = false;
  // The ld.so of the process, which fills in RELRO data of its own as it
  // starts.
  bool is_linker = false;
};

// Two copies of a module, compared.
struct Comparison {
  uint64_t sites = 0;      // Relocation sites whose values agree.
  uint64_t unchecked = 0;  // Sites that the running process has changed.
  uint64_t bytes = 0;      // Other bytes that are equal.
  uint64_t moved_functions = 0;
  uint64_t moved_exports = 0;  // Of those, found by name where they went.
  uint64_t references = 0;     // In what moved and to it.
  uint64_t disagreement_count = 0;
  std::vector<std::string> disagreements;  // The first ones.
};

// Compares the root of `ours`, which is relocated but not committed, to ld.so's
// copy of the same file: the value of every dynamic relocation site (pointers
// into the module after subtracting the base, others exactly, thread-local ones
// by what they reach), all other bytes but those of the dynamic table, which
// ld.so edits in place, and the protection of every page.
//
// If ld.so's copy is in use, only protections and what is read-only are
// compared, RELRO included.
absl::StatusOr<Comparison> CompareImages(const BoundImage& ours,
                                         const HostCopy& host,
                                         TlsProvider& tls);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_VERIFY_IMAGE_COMPARISON_H_
