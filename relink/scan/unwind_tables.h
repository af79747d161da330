// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_UNWIND_TABLES_H_
#define RELINK_SCAN_UNWIND_TABLES_H_

#include "absl/status/status.h"
#include "relink/ir/link_graph.h"

namespace relink {

// Makes an unwind table for the functions that were given an arena, so that
// exceptions and backtraces pass through them where they go: a section of kind
// kUnwind with a copy of their records in .eh_frame, ended as the unwinder
// expects, whose pointers are fixups. Language-specific data is not copied: its
// addresses count from the beginning of the function.
//
// It is one for all modules, whose functions may lie among each other: libgcc
// looks for an address in no more than one of the tables that were registered,
// the one whose first function is the last before it.
//
// For after all passes and before PlanLayout. InvalidArgument,
// FailedPrecondition: a record cannot be read, or points at nothing that was
// opened; OpenModule pins such functions.
absl::Status AddUnwindTables(LinkGraph& graph);

}  // namespace relink

#endif  // RELINK_SCAN_UNWIND_TABLES_H_
