// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_EMIT_EMIT_ELF_H_
#define RELINK_EMIT_EMIT_ELF_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "relink/ir/module_source.h"
#include "relink/link/pipeline.h"

namespace relink {

// A file whose functions lie as passes said, for ld.so to load, and what was
// done.
struct EmittedElf {
  // The input itself if no function moved.
  std::vector<std::byte> bytes;
  // A line for each function that moved, by old address:
  // "0xOLD 0xNEW SIZE NAME\n".
  std::string map;

  uint64_t functions = 0;  // Found in the input.
  uint64_t moved_functions = 0;
  uint64_t moved_bytes = 0;
  uint64_t unwind_records = 0;  // Of .eh_frame as it is now; 0: unchanged.
};

// Makes a file of `source`, a shared object or a position-independent
// executable, with copies of functions where the passes of `pipeline` place
// them, in new segments at its end. All references that are known lead to the
// copies, as if the passes had run when it was loaded.
//
// Unimplemented: a file of another kind.  FailedPrecondition: it has
// relocations in its code, or the passes placed more than copies of code.
// Others are those of ScanModule, the passes, and the steps of a load.
absl::StatusOr<EmittedElf> EmitElf(ModuleSource source,
                                   const Pipeline& pipeline);

}  // namespace relink

#endif  // RELINK_EMIT_EMIT_ELF_H_
