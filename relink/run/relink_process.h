// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUN_RELINK_PROCESS_H_
#define RELINK_RUN_RELINK_PROCESS_H_

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "relink/link/pipeline.h"
#include "relink/map/mapping_backend.h"
#include "relink/map/reservation.h"
#include "relink/run/mapped_module.h"
#include "relink/run/moved_functions.h"
#include "relink/run/replaced_functions.h"

namespace relink {

// Addresses of functions that are to be replaced by others: from, to.
using Replacements = std::span<const std::pair<uint64_t, uint64_t>>;

// What relinking a process leaves behind.
struct RelinkedProcess {
  MovedFunctions moved;
  std::vector<Reservation> memory;  // Where they went.
  // Where the modules are, by MappedModule::handle.
  std::vector<std::pair<const void*, RuntimeRange>> spans;
};

// Moves functions of `modules`, which ld.so mapped and relocated and of which
// nothing runs or ran, and leads every word that a relocation made to the new
// places, of `before` too. Modules that cannot be changed stay as they are,
// with a remark; so do all, if the whole cannot be done.
//
// Modules that reach each other by distances of 32 bits are one LinkGraph.
// The system enters a program, if one is among them, at an address that nothing
// can redirect: there it finds a jump.
absl::StatusOr<RelinkedProcess> RelinkProcess(
    std::span<const MappedModule> modules, const MovedSource& before,
    Replacements replacements, const Pipeline& pipeline,
    MappingBackend& backend);

}  // namespace relink

#endif  // RELINK_RUN_RELINK_PROCESS_H_
